"""What is known of a day of one camera: what its records hold, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

DayFileKind = Literal["map", "timelapse"]


@dataclass(frozen=True, slots=True)
class DayFile:
    """A picture or a film of the day.

    Attributes:
        kind: the map of a class, or a time-lapse.
        name: of the file, in the folder of the day.
        version: another one as soon as the file has changed.
        class_name: of a map; "" of a time-lapse.
        looks: of how many looks a map is the mean; 0 of a time-lapse.
    """

    kind: DayFileKind
    name: str
    version: int
    class_name: str = ""
    looks: int = 0


@dataclass(frozen=True, slots=True)
class CameraDay:
    """One camera on one day.

    Attributes:
        camera: its name; "" where it has none.
        hours: a row for each hour and class of which there is anything, as
            core/day_records/day_counts.COLUMNS names its fields.
        files: what can be shown.
    """

    camera: str
    hours: Sequence[dict[str, Any]]
    files: Sequence[DayFile]
