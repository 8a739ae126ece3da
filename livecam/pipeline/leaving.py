"""Whether the program is about to end: then nobody waits for what hangs."""

from collections.abc import Callable


class Leaving:
    """Asked from several threads; set once."""

    def __init__(self, stop_asked: Callable[[], bool]) -> None:
        """`stop_asked`: whether a signal asked to stop."""
        self._stop_asked = stop_asked
        self._has_quit = False

    def quit(self) -> None:
        """The user has quit."""
        self._has_quit = True

    def is_asked(self) -> bool:
        """Whether a signal or the user asked to end."""
        return self._has_quit or self._stop_asked()
