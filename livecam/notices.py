"""News for the person: told at once, and shown on the screen for a while."""

import time
from collections.abc import Callable

NOTICE_S = 3.0


class Notices:
    """The latest news for the person: shown on the screen for a while, and told by the CLI."""

    def __init__(
        self,
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tell` hears every notice at once."""
        self._tell, self._clock = tell, clock
        self._text, self._until_s = "", 0.0

    def post(self, text: str) -> None:
        """Something happened that the person should know."""
        self._tell(text)
        self._text, self._until_s = text, self._clock() + NOTICE_S

    def current(self) -> str:
        """The latest notice while it is fresh, else ""."""
        return self._text if self._clock() < self._until_s else ""
