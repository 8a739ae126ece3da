"""Runs the network on pictures upright and turned by 180 degrees: `--place exact`."""

from collections.abc import Callable

from livecam.core.turned_mean import mean_of, turned, turned_back
from livecam.core.types import NetworkOutput, RgbImage


class TurnedInference:
    """Gives the mean of both; for live pictures from one look at each, in turns."""

    def __init__(
        self, infer: Callable[[RgbImage], NetworkOutput], *, alternates: bool = False
    ) -> None:
        """Prepare.

        Args:
            infer: the network.
            alternates: whether a picture is looked at once, every second one turned, and the mean
                is that with the picture before; a picture of another size is looked at twice.
        """
        self._infer, self._alternates = infer, alternates
        self._before: NetworkOutput | None = None
        self._shape: tuple[int, ...] = ()
        self._turns_next = False

    def forget(self) -> None:
        """The next picture shows something else than the one before."""
        self._before = None

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """The mean for this picture."""
        before, was = self._before, self._shape
        self._shape = rgb.shape
        if not self._alternates or before is None or was != rgb.shape:
            upright, self._before = self._infer(rgb), turned_back(self._infer(turned(rgb)))
            self._turns_next = False
            return mean_of(upright, self._before)
        if self._turns_next:
            now = turned_back(self._infer(turned(rgb)))
        else:
            now = self._infer(rgb)
        self._before, self._turns_next = now, not self._turns_next
        return mean_of(now, before)
