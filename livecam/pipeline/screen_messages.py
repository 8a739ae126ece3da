"""Messages on the screen: each is shown for three seconds, and most are reported at once, too."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

SHOWN_S = 3.0
"""So long a message stays on the screen."""

NOTHING_TO_RECORD = "nothing to record: the picture stands still"
NO_JUMP_WHILE_RECORDING = "recording: end it (r) to go to another place"
RECORDING_AT_FIRST = "the recording begins with the first picture"
RECORDING_AFTER_PAUSE = "the recording begins when the pause ends"


class ScreenMessages:
    """The latest message; each is shown for a while, and most are reported, too."""

    def __init__(
        self,
        report: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        *,
        hidden: Iterable[Path] = (),
    ) -> None:
        """`report` gets every text at once; on the screen, folders above `hidden` are left out."""
        self._report, self._clock = report, clock
        self._text, self._until_s = "", 0.0
        self._folders = _folders_of(hidden)

    def post(self, text: str) -> None:
        """Report a text and show it."""
        self._report(text)
        self.show(text)

    def show(self, text: str) -> None:
        """Show a text on the screen alone, where a report would be one too many."""
        for folder in self._folders:
            text = text.replace(folder, "")
        self._text, self._until_s = text, self._clock() + SHOWN_S

    def current(self) -> str:
        """The latest text while it is to be shown, else ""."""
        return self._text if self._clock() < self._until_s else ""


def _folders_of(paths: Iterable[Path]) -> list[str]:
    """All folders above and at `paths`, as they stand before a name; the longest first."""
    found = set()
    for path in paths:
        real = _real(path)
        for folder in (path, *path.parents, real, *real.parents):
            if folder.name:
                found.add(f"{folder}{os.sep}")
    return sorted(found, key=len, reverse=True)


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # the current folder is gone, or links lead in a circle
        return path
