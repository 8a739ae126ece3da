"""`livecam watch`: watches sources until it is stopped, and says what came."""

import time
from contextlib import ExitStack

from livecam.assembly.watched_cameras import WatchedCameras
from livecam.assembly.watching import (
    WatchParts,
    choose_watched_model,
    load_watched_model,
    open_event_log,
)
from livecam.cli.console import say
from livecam.cli.reload_signal import ReloadSignal
from livecam.cli.settings_per_command import NOT_OF_WATCH, refuse_foreign_flags
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.watch_command import WatchRequest
from livecam.cli.watch_reload import ReadAgain, Reloading, cameras_of
from livecam.cli.watch_status import watch_status
from livecam.core.formatting import counted
from livecam.core.watching.watch_state import WatchState
from livecam.pipeline.watching.told_together import ToldTogether
from livecam.pipeline.watching.watch_loop import WatchLoop, WatchSummary
from livecam.sinks.events.event_files import EventFiles


def run_watch(request: WatchRequest, read_again: ReadAgain) -> int:
    """Watch until the end; gives the exit code.

    Args:
        request: what was asked for.
        read_again: reads the settings once more.

    Raises:
        LivecamError: something cannot be opened, or written.
    """
    refuse_foreign_flags("watch", NOT_OF_WATCH, request.origins.by_name)
    with StopSignals() as signals, ExitStack() as stack:
        try:
            summary = _watch(request, read_again, signals, stack)
        except Stopped:
            return signals.exit_code or 1
    say(f"{counted(summary.events, 'event')} in {request.folder.events}")
    if summary.lost is not None and signals.exit_code is None:
        return summary.lost.exit_code
    return signals.exit_code or 0


def _watch(
    request: WatchRequest, read_again: ReadAgain, signals: StopSignals, stack: ExitStack
) -> WatchSummary:
    """Open everything, watch, and close it."""
    cameras, settings = cameras_of(request), request.settings
    choice, plans = choose_watched_model(settings, cameras)
    store = EventFiles(open_event_log(request.folder.events, stack, say))
    listener = ToldTogether([], say)
    stack.callback(listener.close)
    model = load_watched_model(choice, say)
    parts = WatchParts(choice, model, settings, store, listener, say, lambda *_: None)
    watched = WatchedCameras(parts)
    stack.callback(watched.close)
    watched.open(cameras, plans)
    reload_signal = stack.enter_context(ReloadSignal())
    show_status = stack.enter_context(watch_status())
    reloading = Reloading(request, read_again, choice, watched)

    def after_round(state: WatchState) -> None:
        show_status(state)
        if reload_signal.take():
            reloading.reload()

    def is_over() -> bool:
        limit_s = settings.pace.seconds
        is_long = limit_s is not None and any(one.watched_s >= limit_s for one in watched.watches)
        return is_long or signals.stop_asked()

    signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
    loop = WatchLoop(
        watched.watches,
        clock=time.monotonic,
        wait=time.sleep,
        stop_asked=is_over,
        on_round=after_round,
    )
    return loop.run()
