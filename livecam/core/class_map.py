"""The map of one class in one frame: what the network says, and where that lies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.map_placement import MapPlacement
from livecam.core.short_repr import ShortRepr
from livecam.core.softmax import softmax
from livecam.core.types import Activation, FloatGrid, NetworkOutput


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClassMap(ShortRepr):
    """The map of one class in one frame.

    Attributes:
        class_index: of the class.
        activation: its grid, and the logits of all classes.
        placement: where its cells lie in the frame.
        network_output: what it is read off, by whose windows classes are compared.
    """

    class_index: int
    activation: Activation
    placement: MapPlacement
    network_output: NetworkOutput

    @property
    def grid(self) -> FloatGrid:
        """float32 [rows, columns], contribution of each cell to the class's logit."""
        return self.activation.grid

    @property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """float64 [classes], in the window where the class's map is largest.

        Where there is one window, all classes have the same: computed once.
        """
        output, activation = self.network_output, self.activation
        is_same = output.is_one_window and activation.logits is output.logits
        if is_same and activation.temperature == output.temperature:
            return output.probabilities
        return softmax(activation.logits, activation.temperature)

    def is_same(self, other: "ClassMap") -> bool:
        """Whether the other one shows nothing else, nor elsewhere."""
        return (
            self.network_output is other.network_output
            and self.class_index == other.class_index
            and self.placement == other.placement
        )


def peak_of(grid: FloatGrid) -> tuple[int, int]:
    """Row and column of the largest value; the first in reading order where several are equal."""
    row, column = divmod(int(grid.argmax()), grid.shape[1])
    return row, column


def mean_of(grid: FloatGrid) -> float:
    """The mean of a map, as `grid.mean()` gives it in a third of its time."""
    return float(np.add.reduce(grid, axis=None) / np.float32(grid.size))
