"""Finds moments in an archive: opens it, resolves the names of a condition, searches, reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.look_runs import SAME_S, lasting
from livecam.core.conditions.contradiction import why_never
from livecam.core.conditions.expression import classes_of, with_class_names
from livecam.core.conditions.parse import HeldCondition
from livecam.core.map_choices import Area
from livecam.errors import SettingsError
from livecam.sources.archive.opened_archive import (
    Counting,
    Days,
    OpenedArchive,
    without_undated,
)

_SLACK_LOOKS = 0.6
"""Times of runs are right to a quarter of a look at either end, until they are read."""

MOST_CLASSES = 3
"""So many are shown where no condition names any."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        condition: and how long it has to hold; None for every look.
        since: taken then or later; None for any time.
        until: taken before that.
        settings: the beginning of what stands for the settings of the archive's parts.
    """

    condition: HeldCondition | None = None
    since: datetime | None = None
    until: datetime | None = None
    settings: str | None = None

    @property
    def days(self) -> Days:
        """The days that have to be looked at."""
        return Days(self.since and self.since.date(), self.until and self.until.date())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of the strongest look of each moment, beside its figures.

    Attributes:
        grid: its map.
        objects: its boxes.
    """

    grid: bool = False
    objects: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The picture that looks are compared with.

    Attributes:
        features: float32 [channels], as the archive has them.
        most: so many moments are wanted.
    """

    features: npt.NDArray[np.float32]
    most: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        archive: the parts that were searched.
        search: what was looked for, with the archive's names of classes.
        classes: the classes whose figures the moments have; the first one's map.
        moments: in the order of their times.
    """

    archive: OpenedArchive
    search: Search
    classes: tuple[str, ...]
    moments: tuple[FoundMoment, ...]

    @property
    def area(self) -> Area:
        """What of the pictures the network saw."""
        return "frame" if self.archive.about.get("area") == "frame" else "square"

    @property
    def title(self) -> str:
        """What was looked for, in words."""
        condition = self.search.condition
        if condition is None:
            return str(self.archive.folder)
        hold = f" for {condition.hold_s:g} s" if condition.hold_s else ""
        return f"{condition.expression}{hold}"


def open_for(
    archive: OpenedArchive, search: Search, say: Callable[[str], None]
) -> tuple[OpenedArchive, Search]:
    """The parts that can be searched, and the search with the archive's names of classes.

    Args:
        archive: opened.
        search: what is looked for.
        say: gets a line about what is left out.

    Raises:
        SettingsError: it has no such class, or the condition can hold for no picture.
    """
    if search.condition is not None:
        condition = _resolved(search.condition, archive)
        is_square = archive.about.get("area") != "frame" and archive.about.get("detail", 1) == 1
        if reason := why_never(condition.expression, adds_up=is_square):
            raise SettingsError(f"{str(condition.expression)!r} can never hold: {reason}.")
        search = replace(search, condition=condition)
        archive = archive.with_classes(classes_of(condition.expression))
    if search.since is not None or search.until is not None:
        archive = without_undated(archive)
    for notice in archive.notices:
        say(notice)
    return archive, search


def find_moments(
    archive: OpenedArchive, search: Search, counting: Counting, wanted: Wanted
) -> Found:
    """The moments of the condition.

    Args:
        archive: from `open_for`.
        search: likewise; there is a condition.
        counting: shows how far it is.
        wanted: what is read of the strongest looks.

    Raises:
        SourceLostError: the archive was changed meanwhile.
    """
    from livecam.sources.archive.find_looks import LookQuery, find_runs, strength_of
    from livecam.sources.archive.moment_details import Details, moments_of

    if search.condition is None:
        raise SettingsError("nothing is looked for: give a condition, or a picture with --like.")
    expression = search.condition.expression
    strength = strength_of(expression, archive.common_classes)
    query = LookQuery(expression, search.since, search.until)
    hold_s = search.condition.hold_s
    runs = lasting(find_runs(archive, query, strength, counting), hold_s, _SLACK_LOOKS)
    first = () if strength is None else (strength.class_name,)
    classes = tuple(dict.fromkeys([*first, *classes_of(expression)]))
    details = Details(classes, wanted.grid, wanted.objects)
    moments = moments_of(archive, runs, details, counting)
    held = tuple(one for one in moments if one.duration_s >= hold_s - SAME_S)
    return Found(archive, search, classes, held)


def find_alike(
    archive: OpenedArchive,
    search: Search,
    example: Example,
    counting: Counting,
    wanted: Wanted,
) -> Found:
    """The moments that are most like a picture, the likest first.

    Args:
        archive: from `open_for`.
        search: likewise; its condition, if there is one, leaves others out.
        example: the picture.
        counting: shows how far it is.
        wanted: what is read of the strongest looks.

    Raises:
        SourceLostError: the archive was changed meanwhile.
        SettingsError: a condition has to hold for a while: single looks are compared.
    """
    from livecam.sources.archive.find_looks import LookQuery
    from livecam.sources.archive.likeness import most_alike
    from livecam.sources.archive.moment_details import Details, moments_of

    held = search.condition
    if held is not None and held.hold_s:
        raise SettingsError(f"--like compares single looks: leave 'for {held.hold_s:g}s' out.")
    expression = None if held is None else held.expression
    query = LookQuery(expression, search.since, search.until)
    runs = most_alike(archive, query, example.features, example.most, counting)
    compared = () if expression is None else classes_of(expression)
    classes = compared or archive.common_classes[:MOST_CLASSES]
    details = Details(classes, wanted.grid, wanted.objects, likeness=True)
    return Found(archive, search, classes, tuple(moments_of(archive, runs, details, counting)))


def _resolved(condition: HeldCondition, archive: OpenedArchive) -> HeldCondition:
    """With the names of classes that the archive has."""
    compared = set(classes_of(condition.expression))

    def name_of(wanted: str) -> str:
        try:
            return archive.class_named(wanted)
        except SettingsError:
            if wanted in compared:
                raise
            return wanted  # seen: any class of the model, measured or not

    expression = with_class_names(condition.expression, name_of)
    return replace(condition, expression=expression)
