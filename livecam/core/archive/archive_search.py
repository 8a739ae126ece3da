"""An archive as the page sees it: conditions in, moments out, their pictures and clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.summaries import summaries_by


@dataclass(frozen=True, slots=True)
class ArchiveOverview:
    """What an archive has.

    Attributes:
        title: its name.
        classes: whose figures it has.
        made_with: the network and the looks a second, in words.
        parts: so many part files.
        settings: what stands for the settings that it was measured with.
        tables: each set of settings that it has, those of the newest part first.
    """

    title: str
    classes: tuple[str, ...]
    made_with: str
    parts: int
    settings: str
    tables: Sequence["TableChoice"]


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A set of settings, and what it is in words."""

    settings: str
    words: str


@dataclass(frozen=True, slots=True)
class SearchText:
    """What is looked for, as it was typed.

    Attributes:
        condition: like `daisy > 0.8 for 2s`.
        since: a day or a time; "" for any.
        until: likewise.
        settings: what stands for the settings that are searched; "" for the newest ones.
    """

    condition: str
    since: str = ""
    until: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SearchAnswer:
    """What was found.

    Attributes:
        id: stands for the search, as long as the archive does not change.
        condition: what was looked for, in the archive's words.
        moments: in the order of their times.
        notices: lines about what is left out.
    """

    id: str
    condition: str
    moments: tuple[FoundMoment, ...]
    notices: tuple[str, ...]

    @property
    def days(self) -> Sequence[tuple[str, int, float]]:
        """Each day with a moment: how many, and how many seconds together."""
        days = summaries_by("day", self.moments)
        return [(one.name, len(one.moments), one.seconds) for one in days]


class ArchiveSearch(Protocol):
    """What searches an archive.

    Several threads may call it at once where they search, and where they ask for pictures, one
    after the other.
    """

    def overview(self, settings: str = "") -> ArchiveOverview:
        """What the archive has of these settings, "" for the newest.

        Raises:
            LivecamError: it cannot be read, or has no such settings.
        """

    def search(self, text: SearchText) -> SearchAnswer:
        """What is found; raises LivecamError where that is impossible."""

    def answer(self, search: str) -> SearchAnswer | None:
        """The answer with this id; None where it is no longer held."""

    def thumbnail(self, search: str, number: int) -> bytes | None:
        """A moment's strongest look with its map, as JPEG; None where there is none."""

    def clip(self, search: str, number: int) -> Path | None:
        """Where a moment's clip lies; None where it is not there."""
