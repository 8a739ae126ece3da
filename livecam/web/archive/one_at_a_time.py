"""One search at a time, and one picture: requests come from several threads."""

import threading
from pathlib import Path

from livecam.core.archive.archive_search import (
    ArchiveOverview,
    ArchiveSearch,
    SearchAnswer,
    SearchText,
)


class OneAtATime:
    """Passes each call on when it is its turn; implements archive_search.ArchiveSearch."""

    def __init__(self, archive: ArchiveSearch) -> None:
        """Pictures do not wait for searches."""
        self._archive = archive
        self._searching, self._drawing = threading.Lock(), threading.Lock()

    def overview(self, settings: str = "") -> ArchiveOverview:
        """What the archive has."""
        with self._searching:
            return self._archive.overview(settings)

    def search(self, text: SearchText) -> SearchAnswer:
        """What is found."""
        with self._searching:
            return self._archive.search(text)

    def answer(self, search: str) -> SearchAnswer | None:
        """The answer with this id."""
        return self._archive.answer(search)

    def thumbnail(self, search: str, number: int) -> bytes | None:
        """A moment's strongest look with its map, as JPEG."""
        with self._drawing:
            return self._archive.thumbnail(search, number)

    def clip(self, search: str, number: int) -> Path | None:
        """Where a moment's clip lies."""
        return self._archive.clip(search, number)
