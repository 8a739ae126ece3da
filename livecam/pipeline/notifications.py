"""News for the user: told at once, and shown on the screen for a while."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

NOTICE_S = 3.0


class Notifications:
    """The latest news for the user: shown on the screen for a while, and told by the CLI."""

    def __init__(
        self,
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        *,
        hidden: Iterable[Path] = (),
    ) -> None:
        """`tell` hears every notice at once; folders that lead to `hidden` are not shown."""
        self._tell, self._clock = tell, clock
        self._text, self._until_s = "", 0.0
        self._folders = _folders_of(hidden)

    def post(self, text: str) -> None:
        """Something happened that the user should know."""
        self._tell(text)
        for folder in self._folders:
            text = text.replace(folder, "")
        self._text, self._until_s = text, self._clock() + NOTICE_S

    def current(self) -> str:
        """The latest notice while it is fresh, else ""."""
        return self._text if self._clock() < self._until_s else ""


def _folders_of(paths: Iterable[Path]) -> list[str]:
    """All folders above and at `paths`, as they stand before a name; the longest first."""
    found = set()
    for path in paths:
        for folder in (path, *path.parents, path.resolve(), *path.resolve().parents):
            if folder.name:
                found.add(f"{folder}{os.sep}")
    return sorted(found, key=len, reverse=True)
