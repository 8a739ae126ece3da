"""The names of the columns that an archive's parts have for each class."""

from collections.abc import Iterable

from livecam.core.conditions.expression import Figure

FIGURES: tuple[Figure, ...] = ("probability", "logit", "max", "mean")


def column_of(class_name: str, figure: str) -> str:
    """The column that has a figure of a class."""
    return f"{class_name}.{figure}"


def classes_of_columns(names: Iterable[str]) -> tuple[str, ...]:
    """The classes that have their figures among the columns, in their order."""
    ending = column_of("", "probability")
    return tuple(name.removesuffix(ending) for name in names if name.endswith(ending))
