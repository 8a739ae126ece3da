"""Whether the picture stands still: a small grey one is compared with an earlier one."""

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.types import BgrImage

CELLS_WIDE = 160
"""So many cells has the small picture across: of 1280 pixels, 8 x 8 pixels a cell."""

NOISE_LEVELS = 6.0
"""Grey levels by which a cell's mean may differ without anything having moved: noise of the sensor,
and what a key frame codes otherwise than the frames before it."""

MOVED_CELLS = 2
"""So many cells have to differ: a single one is a glint."""


class StillnessDetector:
    """Compares each picture with the last one that did not stand still.

    What changes slowly adds up until it is seen, and then it is looked at.
    """

    def __init__(self, noise_levels: float = NOISE_LEVELS) -> None:
        """`noise_levels`: smaller ones see more; 0 looks at every picture that differs at all."""
        self._noise_levels = noise_levels
        self._looked_at: npt.NDArray[np.float32] | None = None

    def is_still(self, bgr: BgrImage) -> bool:
        """Whether nothing moved since the last picture of which this was answered with no."""
        grey = small_grey(bgr)
        before = self._looked_at
        if before is not None and before.shape == grey.shape:
            moved = np.abs(grey - before) > self._noise_levels
            if int(np.count_nonzero(moved)) < MOVED_CELLS:
                return True
        self._looked_at = grey
        return False

    def forget(self) -> None:
        """Look at the next picture whatever it shows."""
        self._looked_at = None


def small_grey(bgr: BgrImage) -> npt.NDArray[np.float32]:
    """float32 [rows, CELLS_WIDE at most]: the mean grey level of each cell, 0 to 255."""
    height, width = bgr.shape[:2]
    across = min(CELLS_WIDE, width)
    size = (across, max(1, round(height * across / width)))
    # First thinned out by whole pixels: a mean over all of them would take ten times as long.
    step = max(1, width // (4 * across))
    small = cv2.resize(bgr[::step, ::step], size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return grey.astype(np.float32)
