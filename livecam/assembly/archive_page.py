"""Opens the page of an archive: searches it, shows pictures of its clips."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from livecam.assembly.archived_clips import ArchivedClips
from livecam.assembly.finding import Found, Search, Wanted, find_moments, open_for
from livecam.assembly.open_web_page import open_listener
from livecam.core.archive.archive_search import (
    ArchiveOverview,
    SearchAnswer,
    SearchText,
    TableChoice,
)
from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.manifest import MANIFEST_FILE
from livecam.core.archive.typed_time import typed_time
from livecam.core.conditions.parse import parse_held_condition
from livecam.core.jpeg import jpeg_of
from livecam.native.real_path import real_path
from livecam.settings.schema import ServeSettings
from livecam.sources.archive.opened_archive import (
    EVERY_DAY,
    ArchiveTable,
    OpenedArchive,
    open_archive,
    tables_of,
)
from livecam.sources.archive.part_files import list_archive

Say = Callable[[str], None]
THUMBNAIL_WIDTH_PX = 320
THUMBNAIL_QUALITY = 80
KEPT_ANSWERS = 8
KEPT_THUMBNAILS = 600


@contextmanager
def uncounted(_words: str, _total: int) -> Iterator[Callable[[], None]]:
    """Work whose progress nobody sees."""
    yield lambda: None


class SearchedArchive:
    """Implements archive_search.ArchiveSearch for one call at a time."""

    def __init__(self, folder: Path, say: Say) -> None:
        """Open it once, to find out early what is wrong.

        Args:
            folder: the archive; where it was measured with several settings, what was measured last
                is shown first, which is said.
            say: gets a line about what cannot be read.

        Raises:
            SourceError: there is no archive, or nothing in it can be read.
        """
        self._folder = folder
        self._answers: OrderedDict[str, tuple[SearchAnswer, Found]] = OrderedDict()
        self._thumbnails: OrderedDict[tuple[str, int], bytes | None] = OrderedDict()
        self._clips = ArchivedClips(folder, say)
        self._opened: dict[str, OpenedArchive] = {}
        self._tables: tuple[str, Sequence[ArchiveTable]] = "", ()
        shown = self._archive("")
        if shown.others:
            say(
                f"{folder} was measured with several settings; shown first is what was measured "
                f"last, {shown.settings}, and the page offers the others"
            )
        for notice in shown.notices:
            say(notice)

    def close(self) -> None:
        """Close the clip that is open."""
        self._clips.__exit__()

    def overview(self, settings: str = "") -> ArchiveOverview:
        """What the archive has of these settings; of the newest where they are none."""
        archive = self._archive(settings)
        return ArchiveOverview(
            real_path(self._folder).name,
            archive.classes,
            archive.made_with,
            len(archive.footers),
            archive.settings,
            [TableChoice(one.settings, one.words) for one in self._newest_first()],
        )

    def search(self, text: SearchText) -> SearchAnswer:
        """What is found; the same search of an unchanged archive is answered from memory."""
        search = Search(
            parse_held_condition(text.condition),
            typed_time("since", text.since or None, is_end=False),
            typed_time("until", text.until or None, is_end=True),
            self._archive(text.settings).settings,
        )
        asked = search.condition, search.since, search.until, search.settings, self._version()
        key = "\n".join(map(str, asked))
        number = hashlib.sha256(key.encode()).hexdigest()[:16]
        if number in self._answers:
            return self._answers[number][0]
        notices: list[str] = []
        archive, search = open_for(self._archive(text.settings), search, notices.append)
        found = find_moments(archive, search, uncounted, Wanted(grid=True))
        answer = SearchAnswer(number, found.title, found.moments, tuple(notices))
        self._answers[number] = answer, found
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    def answer(self, search: str) -> SearchAnswer | None:
        """The answer with this id."""
        known = self._answers.get(search)
        return None if known is None else known[0]

    def thumbnail(self, search: str, number: int) -> bytes | None:
        """A moment's strongest look with its map, as JPEG."""
        known, moment = self._moment(search, number)
        if known is None or moment is None:
            return None
        key = search, number
        if key not in self._thumbnails:
            scale = known.archive.map_scale
            bgr = self._clips.thumbnail_of(moment, THUMBNAIL_WIDTH_PX, known.area, scale)
            self._thumbnails[key] = None if bgr is None else jpeg_of(bgr, THUMBNAIL_QUALITY)
            while len(self._thumbnails) > KEPT_THUMBNAILS:
                self._thumbnails.popitem(last=False)
        return self._thumbnails[key]

    def clip(self, search: str, number: int) -> Path | None:
        """Where a moment's clip lies."""
        _, moment = self._moment(search, number)
        return None if moment is None else self._clips.path_of(moment.source)

    def _moment(self, search: str, number: int) -> tuple[Found | None, FoundMoment | None]:
        known = self._answers.get(search)
        if known is None or not 0 <= number < len(known[0].moments):
            return None, None
        return known[1], known[0].moments[number]

    def _archive(self, settings: str) -> OpenedArchive:
        """What it has of these settings now; opened again only where it has changed."""
        tables = self._newest_first()
        chosen = settings or (tables[0].settings if tables else "")
        if chosen not in self._opened:
            self._opened[chosen] = open_archive(self._folder, chosen, EVERY_DAY, uncounted)
        return self._opened[chosen]

    def _newest_first(self) -> Sequence[ArchiveTable]:
        """What it has of each set of settings now, the one of the newest part first."""
        version = self._version()
        if not self._tables[1] or self._tables[0] != version:
            self._opened.clear()
            listed = list_archive(self._folder)
            newest = dict.fromkeys(part.settings for part in reversed(listed.parts))
            tables = {one.settings: one for one in tables_of(listed)}
            self._tables = version, [tables[settings] for settings in newest]
        return self._tables[1]

    def _version(self) -> str:
        """Another one as soon as something was measured."""
        try:
            found = (self._folder / MANIFEST_FILE).stat()
        except OSError:
            return ""
        return f"{found.st_size} {found.st_mtime_ns}"


@contextmanager
def archive_page_of(
    serve: ServeSettings, folder: Path, *, say: Say, show_link: Say
) -> Iterator[Any]:
    """The page of an archive, answering.

    Args:
        serve: where and for whom.
        folder: the archive.
        say: receives its address, and errors.
        show_link: shows a link on the terminal as a code for telephones.

    Raises:
        SettingsError: as in `open_listener`.
        SourceError: as `SearchedArchive`.
    """
    archive = SearchedArchive(folder, say)
    try:
        with open_listener(replace(serve, guests=False)) as listener:
            from livecam.web.archive.archive_screen import ArchiveScreen

            with ArchiveScreen(listener, archive, say=say, show_link=show_link) as page:
                yield page
    finally:
        archive.close()
