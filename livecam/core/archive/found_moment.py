"""A moment that was found in an archive: from when to when in which clip; its strongest look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from livecam.core.conditions.evaluate import ClassValues
from livecam.core.located_object import LocatedObject
from livecam.core.short_repr import ShortRepr
from livecam.core.types import FloatGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ArchivedLook(ShortRepr):
    """One look of an archive.

    Attributes:
        frame: its index in the clip.
        time_s: its time in the clip.
        at: when it was taken; None where that is not known.
        seen: the most probable class.
        classes: the figures by class.
        centre: where the evidence for the first class lies, x and y in pixels of the picture; None
            where there is none.
        size_px: width and height of the picture.
        grid: float32 [rows, columns], the first class's map; None where it was not asked for.
        objects: boxes, where the archive has them.
    """

    frame: int
    time_s: float
    at: datetime | None
    seen: str
    classes: Mapping[str, ClassValues]
    centre: tuple[float, float] | None
    size_px: tuple[int, int]
    grid: FloatGrid | None = None
    objects: tuple[LocatedObject, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FoundMoment(ShortRepr):
    """A run of looks in one clip.

    Attributes:
        source: the clip or picture, as the archive names it.
        checksum: of its content.
        start_s: time of the first look in the clip.
        end_s: when the last look ends, where the next would come.
        looks: for so many the condition holds.
        strongest: the strongest of them.
        likeness: to a picture, -1 to 1; None where none was asked for.
    """

    source: str
    checksum: str
    start_s: float
    end_s: float
    looks: int
    strongest: ArchivedLook
    likeness: float | None = None

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s

    @property
    def is_of_clip(self) -> bool:
        """Whether it is of a clip; else of a picture, where seconds mean nothing."""
        return self.duration_s > 0

    @property
    def start(self) -> datetime | None:
        """When it began; None where the clip has no time of day."""
        return self._at(self.start_s)

    @property
    def end(self) -> datetime | None:
        """When it ended."""
        return self._at(self.end_s)

    def _at(self, time_s: float) -> datetime | None:
        at = self.strongest.at
        return None if at is None else at + timedelta(seconds=time_s - self.strongest.time_s)


def moment_record(moment: FoundMoment) -> dict[str, Any]:
    """A moment as `find --json` writes it; its names are those of `events.jsonl`."""
    strongest = moment.strongest
    record = {
        "source": moment.source,
        "start": _iso(moment.start),
        "end": _iso(moment.end),
        "start_s": round(moment.start_s, 3),
        "end_s": round(moment.end_s, 3),
        "looks": moment.looks,
        "strongest": {
            "at": _iso(strongest.at),
            "time_s": round(strongest.time_s, 3),
            "frame": strongest.frame,
            "seen": strongest.seen,
            "classes": {
                name: {
                    "probability": round(values.probability, 6),
                    "max": round(values.max, 3),
                    "mean": round(values.mean, 3),
                    "logit": round(values.logit, 3),
                }
                for name, values in strongest.classes.items()
            },
            "centre": None if strongest.centre is None else [round(x, 1) for x in strongest.centre],
            "frame_size": list(strongest.size_px),
        },
    }
    if moment.likeness is not None:
        record["likeness"] = round(moment.likeness, 4)
    return record


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone().isoformat(timespec="milliseconds")
