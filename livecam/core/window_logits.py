"""What the classifier says about places of a map that is larger than it was trained for.

MobileNet averages 7 x 7 cells: that is what it was trained for. On a larger map it does so in every
window of 7 x 7 cells, and averaging commutes with the head, so the mean of a class's map over a
window plus the class's bias is the window's logit. The best window of a class is the one with the
largest mean of its map; the class's logit and probability are those of that window. Other networks
have windows of another side.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head
from livecam.core.softmax import softmax

WINDOW_CELLS = 7
"""Side of a window of MobileNet in cells: 224 pixels of the network's input."""

LATTICE_CELLS = 3
"""Where all classes are compared, windows are at most so many cells apart."""

Floats = npt.NDArray[np.float32]


def is_one_window(cells: Floats, side: int = WINDOW_CELLS) -> bool:
    """Whether a map or features [rows, columns, ...] are no larger than a window."""
    rows, columns = cells.shape[:2]
    return bool(rows <= side and columns <= side)


def window_of(cells: Floats, window: tuple[int, int], side: int = WINDOW_CELLS) -> Floats:
    """The cells [side, side, ...] of a window, given its first row and column; not copied."""
    row, column = window
    return cells[row : row + side, column : column + side]


def best_window(grid: Floats, side: int = WINDOW_CELLS) -> tuple[int, int]:
    """First row and column of the window with the largest mean.

    Args:
        grid: float32 [rows, columns], a class's map; at least as large as a window.
        side: of a window, in cells.

    Returns:
        (0, 0) for one window; of several equal ones the first in reading order.
    """
    if is_one_window(grid, side):
        return 0, 0
    rows, columns = grid.shape
    in_rows, in_columns = _every_window(rows, side), _every_window(columns, side)
    means = in_rows @ grid.astype(np.float64) @ in_columns.T
    row, column = divmod(int(means.argmax()), means.shape[1])
    return row, column


def window_logits(
    features: Floats,
    head: Head,
    window: tuple[int, int],
    side: int = WINDOW_CELLS,
) -> Floats:
    """The logits of all classes in one window.

    Args:
        features: float32 [rows, columns, channels].
        head: the classifier.
        window: its first row and column.
        side: of a window, in cells.

    Returns:
        float32 [classes].
    """
    return head.logits(head.pooled(window_of(features, window, side)))


def window_probabilities(
    features: Floats,
    head: Head,
    temperature: float = 1.0,
    side: int = WINDOW_CELLS,
) -> npt.NDArray[np.float64]:
    """How probable each class is in each window.

    Windows of a lattice are looked at, at most three cells apart, with all at the rim: every
    window for each of a thousand classes would take a tenth of the network's time.

    Args:
        features: float32 [rows, columns, channels].
        head: the classifier; it averages.
        temperature: divides the logits in the softmax.
        side: of a window, in cells.

    Returns:
        float64 [windows, classes]; each row adds up to 1.
    """
    return softmax(head.logits(_lattice_means(features, side)), temperature)


def leading_probabilities(of_windows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How probable each class is in the best of those windows whose most probable class it is.

    Args:
        of_windows: float64 [windows, classes], as `window_probabilities` gives it.

    Returns:
        float64 [classes]; 0 for a class that leads in no window.
    """
    leading = np.zeros(of_windows.shape[1])
    np.maximum.at(leading, of_windows.argmax(axis=1), of_windows.max(axis=1))
    return leading


def _lattice_means(cells: Floats, side: int) -> Floats:
    """Means over the windows of the lattice: [rows, columns, n] to [windows, n]."""
    rows, columns, depth = cells.shape
    # Row by row first: one product over all rows is so large that OpenBLAS copies it beforehand,
    # which takes four times as long as the sums.
    strips = _lattice(columns, side) @ cells
    means = _lattice(rows, side) @ strips.reshape(rows, -1)
    return means.reshape(-1, depth)


@cache
def _lattice(cells: int, side: int) -> Floats:
    """Along one side, how much of each window's mean each cell is: float32 [windows, cells]."""
    return _windows_at(_steps(cells, side), cells, side).astype(np.float32)


@cache
def _every_window(cells: int, side: int) -> npt.NDArray[np.float64]:
    """The same for windows that begin at every cell: float64 [cells - side + 1, cells]."""
    return _windows_at(range(cells - side + 1), cells, side)


def _windows_at(firsts: Iterable[int], cells: int, side: int) -> npt.NDArray[np.float64]:
    places = np.arange(cells) - np.array([*firsts])[:, np.newaxis]
    inside = (places >= 0) & (places < side)
    return np.asarray(inside / side, np.float64)


def _steps(cells: int, side: int = WINDOW_CELLS) -> list[int]:
    """First cells of windows that reach from end to end of so many cells, evenly."""
    last = cells - side
    count = 1 + -(-last // LATTICE_CELLS)
    return [round(i * last / max(1, count - 1)) for i in range(count)]
