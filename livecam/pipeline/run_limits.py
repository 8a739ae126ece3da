"""When a run ends by itself: after so many frames or seconds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from livecam.core.types import Frame, Waiting


@dataclass(frozen=True, slots=True)
class RunLimits:
    """When to stop by ourselves: after so many frames or seconds of the source; None for never."""

    frames: int | None = None
    seconds: float | None = None

    def reached(self, item: Frame | Waiting, shown: int) -> bool:
        """Whether `item` is beyond the limits after `shown` frames."""
        too_late = self.seconds is not None and item.time_s >= self.seconds
        return too_late or self.reached_after(shown)

    def reached_after(self, shown: int) -> bool:
        """Whether `shown` frames are enough, so that no frame is read in vain."""
        return self.frames is not None and shown >= self.frames

    def within(self, items: Iterable[Frame | Waiting], shown: int) -> Iterator[Frame | Waiting]:
        """The items as far as the limits allow, of which `shown` frames came before."""
        for item in items:
            if self.reached(item, shown):
                return
            yield item
            shown += isinstance(item, Frame)
            if self.reached_after(shown):
                return
