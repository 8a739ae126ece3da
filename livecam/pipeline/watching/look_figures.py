"""The figures of a look without its picture: what an event writes of it, also of one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from livecam.core.annotated_frame import Stats
from livecam.core.located_object import LocatedObject
from livecam.core.short_repr import ShortRepr
from livecam.core.stats_record import look_record
from livecam.core.types import FloatGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FiguresOfClass(ShortRepr):
    """Of one class.

    Attributes:
        stats: what is read off its map.
        grid: float32 [rows, columns], the map.
        objects: the things in it; None where nobody looks for them.
    """

    stats: Stats
    grid: FloatGrid
    objects: Sequence[LocatedObject] | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookFigures(ShortRepr):
    """Of all classes of the conditions; a few kilobytes, so that many can be kept.

    Attributes:
        index: counts the pictures that the network saw.
        time_s: on the source's clock.
        at: when the picture was taken.
        by_class: the figures of each class, by its name.
        is_still: it is the same picture as the one before.
    """

    index: int
    time_s: float
    at: datetime
    by_class: Mapping[str, FiguresOfClass]
    is_still: bool = False

    def record(self, class_name: str, begin_s: float) -> dict[str, Any]:
        """As a line of an event's figures has it, under the names of `--stats`.

        Args:
            class_name: of the event; the first class where it has none of the conditions.
            begin_s: when its clip begins: times count from there.
        """
        of = self.by_class.get(class_name) or next(iter(self.by_class.values()))
        return look_record(
            of.stats,
            of.grid,
            index=self.index,
            time_s=self.time_s - begin_s,
            at=self.at,
            objects=of.objects,
        )
