"""The line on a terminal that says how watching goes: what is seen, and how many events so far."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from livecam.cli.console import shown, stderr_console, stderr_is_behind
from livecam.core.formatting import counted
from livecam.core.watching.watch_state import CameraState, WatchState
from livecam.native.silenced_stderr import stderr_is_terminal

REDRAW_S = 0.25


@contextmanager
def watch_status(
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[WatchState], None]]:
    """Gives what shows a state; where standard error is no terminal it shows nothing."""
    if not stderr_is_terminal():
        yield lambda _: None
        return
    from rich.live import Live
    from rich.text import Text

    drawn_s = float("-inf")

    def show(state: WatchState) -> None:
        nonlocal drawn_s
        now_s = clock()
        if now_s - drawn_s < REDRAW_S or stderr_is_behind():
            return
        drawn_s = now_s
        words = Text(shown(status_line(state)), no_wrap=True, overflow="ellipsis")
        with suppress(OSError):
            live.update(words, refresh=True)

    live = Live(
        console=stderr_console(),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,  # the console writes there itself
    )
    with suppress(OSError):
        live.start()
    try:
        yield show
    finally:
        with suppress(OSError):
            live.stop()


def status_line(state: WatchState) -> str:
    """What is seen now, camera by camera, and how many events there were."""
    parts = [_camera_words(camera) for camera in state.cameras if not camera.is_over]
    return "  |  ".join([*parts, counted(state.events, "event")])


def _camera_words(camera: CameraState) -> str:
    name = f"{camera.name}: " if camera.name else ""
    if camera.waiting_for:
        return f"{name}{camera.waiting_for}"
    if camera.last is None:
        return f"{name}waiting for the first picture"
    figures = ", ".join(
        f"{label} {100 * of.probability:.0f} %" for label, of in camera.last.classes.items()
    )
    going_on = " *" if camera.open_events else ""
    return f"{name}{figures}, seen {camera.last.seen}{' (still)' * camera.is_still}{going_on}"
