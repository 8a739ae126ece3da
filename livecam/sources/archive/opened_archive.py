"""An archive that is opened for reading: its parts of one set of settings, and its classes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from livecam.core.archive.manifest import TABLE_FORMAT
from livecam.core.class_names import comparable_name
from livecam.core.format_version import later_format
from livecam.core.formatting import counted
from livecam.core.map_scale import MapScale, scale_of_record
from livecam.core.printable_text import printable
from livecam.core.similar_names import first_few, spelled_alike
from livecam.errors import SettingsError, SourceError
from livecam.sources.archive.footers import PartFooter, UnreadablePart, read_footers
from livecam.sources.archive.part_files import HOW_TO_MAKE, ArchivePart, ListedArchive, list_archive

MOST_NAMED = 5
"""So many files that are left out are named, one a line."""

MEASURE_AGAIN = "the same livecam batch as before measures again what is missing or cut off"
"""What to do about parts that cannot be read."""

_A_DAY = timedelta(days=1)
_COLUMNS = {"grid": "maps", "features": "features", "boxes": "boxes"}

Counting = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Shows how far long work is: given its words and how many steps, what is called after each."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are looked at, first and last; None without a limit."""

    first: date | None = None
    last: date | None = None

    def may_have(self, part: ArchivePart) -> bool:
        """Whether looks of these days may be in it: days begin elsewhere in other time zones."""
        if part.day is None:
            return True
        is_late = self.last is not None and part.day > self.last + _A_DAY
        return not (is_late or (self.first is not None and part.day < self.first - _A_DAY))


EVERY_DAY = Days()


@dataclass(frozen=True, slots=True)
class ArchiveTable:
    """What an archive has of one set of settings.

    Attributes:
        settings: what stands for them.
        about: the model, the settings and the versions that these stand for.
        parts: so many files.
    """

    settings: str
    about: Mapping[str, Any]
    parts: int

    @property
    def words(self) -> str:
        """The settings in a few words, and how many parts."""
        return f"{_described(self.about)}{counted(self.parts, 'part')}"


def tables_of(listed: ListedArchive) -> list[ArchiveTable]:
    """One for each set of settings that has parts, in the order of their first parts."""
    counts = Counter(part.settings for part in listed.parts)
    return [
        ArchiveTable(name, listed.settings.get(name, {}), count) for name, count in counts.items()
    ]


@dataclass(frozen=True, slots=True)
class OpenedArchive:
    """An archive, and what of it is read.

    Attributes:
        folder: where it lies.
        settings: what stands for the settings its parts were measured with.
        about: the model, the settings and the versions that these stand for.
        footers: of the parts, clip by clip.
        notices: lines about what is left out.
        others: the tables of other settings, which are not read.
    """

    folder: Path
    settings: str
    about: Mapping[str, Any]
    footers: tuple[PartFooter, ...]
    notices: tuple[str, ...]
    others: tuple[ArchiveTable, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that any part has."""
        return tuple(dict.fromkeys(name for one in self.footers for name in one.classes))

    @property
    def map_scale(self) -> MapScale:
        """How large its maps are, as its network said when they were measured."""
        return scale_of_record(self.about.get("map_scale"))

    @property
    def made_with(self) -> str:
        """The network and the looks a second, in words."""
        without_classes = {name: of for name, of in self.about.items() if name != "classes"}
        return _described(without_classes).rstrip(", ")

    @property
    def common_classes(self) -> tuple[str, ...]:
        """The classes that every part has."""
        every = set[str].intersection(
            *(set(one.classes) for one in self.footers), set(self.classes)
        )
        return tuple(name for name in self.classes if name in every)

    def class_named(self, wanted: str) -> str:
        """The class that somebody means.

        Raises:
            SettingsError: the archive does not have it.
        """
        known = {comparable_name(name): name for name in self.classes}
        if not self.footers:  # of these days there is nothing
            return wanted
        if comparable_name(wanted) in known:
            return known[comparable_name(wanted)]
        similar = first_few(spelled_alike(wanted, self.classes))
        guess = f" did you mean {similar}?" if similar else ""
        raise SettingsError(
            f"the archive {self.folder} has no class {printable(wanted)!r}:{guess} it has "
            f"{first_few(self.classes)}, and livecam batch --class measures others."
        )

    def with_classes(self, names: Sequence[str]) -> "OpenedArchive":
        """Only the parts that have all of these classes; a notice says how many do not."""
        kept = tuple(one for one in self.footers if set(names) <= set(one.classes))
        missing = len(self.footers) - len(kept)
        if not missing:
            return self
        line = f"{counted(missing, 'part')} left out: not measured for {' and '.join(names)}"
        return replace(self, footers=kept, notices=(*self.notices, line))


def without_undated(archive: OpenedArchive) -> OpenedArchive:
    """Only the parts that say when they were taken; a notice says how many do not."""
    kept = tuple(one for one in archive.footers if one.is_dated)
    missing = len(archive.footers) - len(kept)
    if not missing:
        return archive
    line = f"{counted(missing, 'part')} left out: without a time of day"
    return replace(archive, footers=kept, notices=(*archive.notices, line))


def open_archive(
    folder: Path, settings: str | None, days: Days, counting: Counting
) -> OpenedArchive:
    """Read which parts there are.

    Args:
        folder: the archive.
        settings: the beginning of what stands for settings; None where there are no two.
        days: parts of other days are left alone.
        counting: shows how far it is.

    Raises:
        SourceError: there is no archive, nothing in it, nothing that can be read, or a newer
            livecam wrote it.
        SettingsError: it was measured with several settings, or not with these.
    """
    listed = list_archive(folder)
    if not listed.parts:
        raise SourceError(f"the archive {folder} is empty, nothing was measured: {HOW_TO_MAKE}.")
    chosen = _chosen_settings(folder, listed, settings)
    about = listed.settings.get(chosen, {})
    if later := later_format(f"the table {chosen} of {folder}", about.get("format"), TABLE_FORMAT):
        raise SourceError(later)
    wanted = [part for part in listed.parts if part.settings == chosen and days.may_have(part)]
    wanted.sort(key=lambda part: (part.day or date.max, part.clip, part.segment))
    footers, unreadable = _read_all(wanted, counting)
    left_out = [f"{one.part.path}: {one.reason}" for one in unreadable]
    left_out += [f"{path}: the manifest does not know it" for path in listed.strangers]
    if wanted and not footers:
        raise SourceError(
            f"no part of the archive {folder} can be read ({left_out[0]}): measure it again with "
            "livecam batch."
        )
    others = tuple(one for one in tables_of(listed) if one.settings != chosen)
    notices = tuple(_named(left_out))
    if unreadable:
        notices += (MEASURE_AGAIN,)
    return OpenedArchive(folder, chosen, about, tuple(footers), notices, others)


def _read_all(
    parts: Sequence[ArchivePart], counting: Counting
) -> tuple[list[PartFooter], list[UnreadablePart]]:
    footers: list[PartFooter] = []
    unreadable: list[UnreadablePart] = []
    with counting("reading the parts", len(parts)) as advance:
        for one in read_footers(parts, advance):
            if isinstance(one, UnreadablePart):
                unreadable.append(one)
            elif one.rows:
                footers.append(one)
    return footers, unreadable


def _named(problems: Sequence[str]) -> Iterator[str]:
    yield from (f"left out: {problem}" for problem in problems[:MOST_NAMED])
    if len(problems) > MOST_NAMED:
        yield f"left out: {counted(len(problems) - MOST_NAMED, 'other file')} alike"


def _chosen_settings(folder: Path, listed: ListedArchive, wanted: str | None) -> str:
    tables = tables_of(listed)
    names = [one.settings for one in tables]
    found = [name for name in names if wanted is None or name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    each = "; ".join(f"{one.settings} ({one.words})" for one in tables)
    if not found:
        raise SettingsError(
            f"the archive {folder} has no --settings {printable(wanted or '')}: it has {each}."
        )
    raise SettingsError(
        f"the archive {folder} was measured with several settings, which are not mixed: choose "
        f"with --settings: {each}."
    )


def _described(about: Mapping[str, Any]) -> str:
    """The settings in a few words, with what divides them from what follows."""
    words = []
    if about.get("title"):
        words.append(str(about["title"]))
    if isinstance(about.get("classes"), list):
        words.append(f"for {first_few([str(name) for name in about['classes']])}")
    if "looks_per_second" in about:
        rate = about["looks_per_second"]
        is_number = isinstance(rate, float)
        words.append(f"{rate:g} look{'s' * (rate != 1)} a second" if is_number else "every frame")
    if about.get("area") == "frame":
        words.append("whole frames")
    if about.get("approximate"):
        words.append("approximate maps")
    words += [f"with {name}" for key, name in _COLUMNS.items() if about.get(key)]
    return "".join(f"{printable(word, 60)}, " for word in words)
