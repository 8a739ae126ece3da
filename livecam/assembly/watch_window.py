"""Opens the window of `livecam watch`, where --window asks for one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from livecam.core.types import BgrImage
from livecam.core.watching.watch_state import LookState
from livecam.errors import SettingsError
from livecam.pipeline.watching.watch_window import WatchWindow
from livecam.settings.schema import Settings
from livecam.sinks.display_check import display_problem


@contextmanager
def watch_window(
    settings: Settings, draw: Callable[[LookState], BgrImage]
) -> Iterator[WatchWindow | None]:
    """The window, open; None where nobody asked for one.

    Args:
        settings: say whether there is one.
        draw: makes the picture of a look.

    Raises:
        SettingsError: none can be opened here.
    """
    if not settings.window.window:
        yield None
        return
    problem = display_problem()
    if problem is not None:
        raise SettingsError(f"no window can be opened: {problem}. Leave --window out.")
    from livecam.sinks.window import Window

    with Window() as window:
        yield WatchWindow(window, draw, time.monotonic)
