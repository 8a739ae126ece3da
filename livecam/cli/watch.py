"""`livecam watch`: watches sources until it is stopped, and says what came."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Protocol

from livecam.assembly.annotated_clips import AnnotatedClips
from livecam.assembly.open_day_records import open_day_records
from livecam.assembly.open_watch_page import drawing_with, watch_page_of
from livecam.assembly.watch_window import watch_window
from livecam.assembly.watched_cameras import WatchedCameras, check_sources
from livecam.assembly.watching import (
    WatchParts,
    choose_watched_model,
    cut_open_events,
    load_watched_model,
    open_event_log,
)
from livecam.cli.console import never_print, say
from livecam.cli.qr_code import show_link_code
from livecam.cli.reload_signal import ReloadSignal
from livecam.cli.settings_per_command import NOT_OF_WATCH, refuse_foreign_flags
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.watch_command import WatchRequest
from livecam.cli.watch_reload import ReadAgain, Reloading, cameras_of, classes_by_camera
from livecam.cli.watch_status import watch_status
from livecam.core.formatting import counted
from livecam.core.watching.watch_state import WatchState
from livecam.errors import SinkError
from livecam.pipeline.capture_time import local_now
from livecam.pipeline.watching.clock_wait import latest_past, wait_for_clock
from livecam.pipeline.watching.listener_group import ListenerGroup
from livecam.pipeline.watching.watch_loop import WatchLoop, WatchSummary
from livecam.pipeline.watching.watch_window import WatchWindow
from livecam.sinks.events.event_files import EventFiles
from livecam.sinks.events.event_log import EventLog
from livecam.sinks.notify.notifier import Notifier
from livecam.sinks.notify.receivers import secrets_of_notify
from livecam.sinks.recording.options import disk_space_monitor


def run_watch(request: WatchRequest, read_again: ReadAgain) -> int:
    """Watch until the end; gives the exit code.

    Args:
        request: what was asked for.
        read_again: reads the settings once more.

    Raises:
        LivecamError: something cannot be opened, or written.
    """
    refuse_foreign_flags("watch", NOT_OF_WATCH, request.origins.by_name)
    never_print(secrets_of_notify(request.notify))
    with StopSignals() as signals, ExitStack() as stack:
        try:
            summary, writers = _watch(request, read_again, signals, stack)
        except Stopped:
            return signals.exit_code or 1
    failures = (summary.failure, *(writer.failure for writer in writers))
    failure = next((one for one in failures if one is not None), None)
    lacks = "" if failure is None else "; not everything could be written"
    say(f"{counted(summary.events, 'new event')} in {request.folder.events}{lacks}")
    ended_by = failure or summary.lost
    if ended_by is not None and signals.exit_code is None:
        return ended_by.exit_code
    return signals.exit_code or 0


class _Writer(Protocol):
    """Writes beside the events, until it is closed."""

    @property
    def failure(self) -> SinkError | None:
        """Why something could not be written; None where everything was."""


def _watch(
    request: WatchRequest, read_again: ReadAgain, signals: StopSignals, stack: ExitStack
) -> tuple[WatchSummary, Sequence[_Writer]]:
    """Open everything, watch, and close it; gives also what writes until `stack` is closed."""
    reload_signal = stack.enter_context(ReloadSignal())  # from here on SIGHUP ends nothing
    cameras, settings, folder = cameras_of(request), request.settings, request.folder.events
    choice, plans = choose_watched_model(settings, cameras)
    check_sources(cameras, plans, settings)
    log = open_event_log(folder, stack, say)
    store = EventFiles(log, disk_space_monitor(settings))
    notifier = Notifier(request.notify, folder, classes_by_camera(plans), say)
    stack.callback(notifier.close)
    model = load_watched_model(choice, say)
    clips = AnnotatedClips(folder, replace(settings, model=choice.settings), say)
    parts = WatchParts(
        choice, model, settings, store, notifier, say, lambda plan, of: clips.add(plan.keep, of)
    )
    days = open_day_records(folder, request.days, settings, parts.view(plans), say)
    stack.callback(days.close)
    parts = replace(parts, listener=ListenerGroup([notifier, days], say), on_look=days.show)
    cut = cut_open_events(log, parts.listener, say)
    page = stack.enter_context(
        watch_page_of(settings.serve, folder, say=say, show_link=show_link_code)
    )
    draw = drawing_with(parts.view(plans))
    if page is not None:
        page.draw_with(draw)
    watched = WatchedCameras(parts)
    stack.callback(watched.close)
    _wait_for_clock(log, signals)
    watched.open(cameras, plans)
    keeps = {plan.name: plan.keep for plan in plans}
    for event in cut:
        clips.add(keeps.get(event.camera, "clean"), event)
    reloading = Reloading(request, read_again, choice, watched, notifier)
    window = stack.enter_context(watch_window(settings, draw))
    rounds = _Rounds(
        clips, reload_signal, reloading, page.show if page is not None else None, window
    )
    summary = _run_loop(request, watched, rounds, signals)
    _finish_clips(clips, signals)
    store.append_refused()
    return summary, (clips, days)


@dataclass(frozen=True, slots=True, eq=False)
class _Rounds:
    """What is done between two rounds of looks.

    Attributes:
        clips: makes those with maps.
        reload_signal: says when the settings are to be read again.
        reloading: takes the settings once more.
        show: of the page; None without one.
        window: None without one.
    """

    clips: AnnotatedClips
    reload_signal: ReloadSignal
    reloading: Reloading
    show: Callable[[WatchState], None] | None
    window: WatchWindow | None

    @property
    def is_left(self) -> bool:
        """Whether the user has closed the window."""
        return self.window is not None and self.window.is_left

    def after(self, state: WatchState) -> None:
        """A round is over."""
        if self.reload_signal.take():
            self.reloading.reload()
        self.clips.step()
        if self.show is not None:
            self.show(state)
        if self.window is not None:
            self.window.show(state)


def _run_loop(
    request: WatchRequest,
    watched: WatchedCameras,
    rounds: "_Rounds",
    signals: StopSignals,
) -> WatchSummary:
    """Look until the end."""
    limit_s = request.settings.pace.seconds

    def is_long_enough() -> bool:
        return limit_s is not None and any(one.watched_s >= limit_s for one in watched.watches)

    def after_round(state: WatchState) -> None:
        show_status(state)
        rounds.after(state)

    with watch_status() as show_status:
        signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
        loop = WatchLoop(
            watched.watches,
            clock=time.monotonic,
            wait=time.sleep,
            stop_asked=lambda: rounds.is_left or signals.stop_asked(),
            on_round=after_round,
            is_long_enough=is_long_enough,
            on_stop=signals.begin_closing,
        )
        return loop.run()


def _finish_clips(clips: AnnotatedClips, signals: StopSignals) -> None:
    """Make the clips with maps that are left; after a signal the next start does that."""
    if clips.left and not signals.stop_asked():
        say(f"making {counted(clips.left, 'clip')} with maps")
    while clips.left and not signals.stop_asked():
        clips.step(wait_s=0.1)
    signals.begin_closing()
    clips.close()


def _wait_for_clock(log: EventLog, signals: StopSignals) -> None:
    starts = (event.start for event in log.events().values())
    wait_for_clock(
        latest_past(starts, log.written_at),
        now=local_now,
        clock=time.monotonic,
        wait=time.sleep,
        stop_asked=lambda: signals.number is not None,
        say=say,
    )
