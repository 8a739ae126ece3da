"""The columns of the archive's table: names, units and meanings."""

from collections.abc import Iterable
from dataclasses import dataclass

from livecam.core.conditions.expression import Figure

MODEL_KEY = "livecam"
"""The schema's metadata have model, settings and versions under this key, as JSON."""


@dataclass(frozen=True, slots=True)
class ArchiveColumn:
    """One column.

    Attributes:
        name: in the table; of a class's figures what follows `NAME.`.
        unit: of its values; "" where they have none.
        meaning: what it says.
    """

    name: str
    unit: str
    meaning: str


COLUMNS = (
    ArchiveColumn("source", "", "the clip or picture: its path, or its address without logins"),
    ArchiveColumn("checksum", "", "of its content; see docs/archive.md"),
    ArchiveColumn("segment", "", "number of the part of a long clip, 0 for the first one"),
    ArchiveColumn("frame", "", "number of the frame, 0 for the first one"),
    ArchiveColumn("time_s", "s", "the frame's own time since the first frame of the clip"),
    ArchiveColumn("at", "UTC", "when it was taken, as the file says; null where it does not"),
    ArchiveColumn("look_s", "s", "time between two looks that was asked for; null for pictures"),
    ArchiveColumn("width", "px", "of the frame"),
    ArchiveColumn("height", "px", "of the frame"),
    ArchiveColumn("seen", "", "the most probable class of all; null for something else"),
)
"""Those that every row has, in order."""

CLASS_COLUMNS = (
    ArchiveColumn("probability", "", "softmax of the class over all classes, 0 to 1"),
    ArchiveColumn("logit", "", "the class's logit: mean over the window + bias"),
    ArchiveColumn("max", "", "largest value of the map"),
    ArchiveColumn("mean", "", "mean of the map"),
    ArchiveColumn("centre_x", "px", "where the evidence lies, from the left; null for nowhere"),
    ArchiveColumn("centre_y", "px", "where the evidence lies, from the top; null for nowhere"),
)
"""Those of every class of the pass, as NAME.probability and so on."""

GRID_COLUMN = ArchiveColumn("grid", "", "the map, row by row, the top row first (--grid)")
GRID_SIZE_COLUMNS = (
    ArchiveColumn("grid_rows", "", "rows of the maps"),
    ArchiveColumn("grid_columns", "", "columns of the maps"),
)
FEATURES_COLUMN = ArchiveColumn(
    "features", "", "what the network gives before its last layer, mean of all places (--features)"
)
OBJECTS_COLUMN = ArchiveColumn(
    "objects", "px", "things in the maps of the classes, with their boxes (--boxes)"
)


FIGURES: tuple[Figure, ...] = ("probability", "logit", "max", "mean")


def column_of(class_name: str, figure: str) -> str:
    """The column that has a figure of a class."""
    return f"{class_name}.{figure}"


def classes_of_columns(names: Iterable[str]) -> tuple[str, ...]:
    """The classes that have their figures among the columns, in their order."""
    ending = column_of("", "probability")
    return tuple(name.removesuffix(ending) for name in names if name.endswith(ending))
