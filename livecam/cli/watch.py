"""`livecam watch`: watches sources until it is stopped, and says what came."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from livecam.assembly.watching import (
    WatchParts,
    choose_watched_model,
    load_watched_model,
    open_camera,
    open_event_log,
)
from livecam.cli.console import say
from livecam.cli.settings_per_command import NOT_OF_WATCH, refuse_foreign_flags
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.watch_command import WatchRequest
from livecam.cli.watch_status import watch_status
from livecam.core.formatting import counted
from livecam.errors import SettingsError
from livecam.pipeline.watching.told_together import ToldTogether
from livecam.pipeline.watching.watch_loop import WatchLoop, WatchSummary
from livecam.settings.camera_tables import CameraTable, camera_tables
from livecam.sinks.events.event_files import EventFiles

ReadAgain = Callable[[], WatchRequest]


def run_watch(request: WatchRequest, read_again: ReadAgain) -> int:
    """Watch until the end; gives the exit code.

    Args:
        request: what was asked for.
        read_again: reads the settings once more.

    Raises:
        LivecamError: something cannot be opened, or written.
    """
    refuse_foreign_flags("watch", NOT_OF_WATCH, request.origins.by_name)
    cameras = cameras_of(request)
    with StopSignals() as signals, ExitStack() as stack:
        try:
            summary = _watch(request, cameras, signals, stack)
        except Stopped:
            return signals.exit_code or 1
    say(f"{counted(summary.events, 'event')} in {request.folder.events}")
    if summary.lost is not None and signals.exit_code is None:
        return summary.lost.exit_code
    return signals.exit_code or 0


def cameras_of(request: WatchRequest) -> tuple[CameraTable, ...]:
    """What is watched: the tables of the settings file, or the sources that were typed.

    Raises:
        SettingsError: neither or both name something, or a table is not right.
    """
    origins, common = request.origins, request.watch
    if origins.camera_file is not None and origins.camera_tables:
        if request.sources:
            raise SettingsError(
                f"{origins.camera_file} names the cameras: leave {request.sources[0]!r} out."
            )
        stronger = [name for name, of in origins.by_name.items() if not _is_file(of)]
        return camera_tables(origins.camera_tables, origins.camera_file, common, stronger)
    if not request.sources:
        raise SettingsError(
            "nothing to watch: give a camera, a stream or a clip, or a settings file with a table "
            "[camera.NAME] for each."
        )
    many = len(request.sources) > 1
    return tuple(
        CameraTable(f"camera-{number}" if many else "", source, common)
        for number, source in enumerate(request.sources, 1)
    )


def _watch(
    request: WatchRequest,
    cameras: Sequence[CameraTable],
    signals: StopSignals,
    stack: ExitStack,
) -> WatchSummary:
    settings = request.settings
    choice, plans = choose_watched_model(settings, cameras)
    log = open_event_log(request.folder.events, stack, say)
    store = EventFiles(log)
    listener = ToldTogether([], say)
    stack.callback(listener.close)
    model = load_watched_model(choice, say)
    parts = WatchParts(choice, model, settings, store, listener, say, lambda *_: None)
    watches = []
    for camera, plan in zip(cameras, plans, strict=True):
        source = open_camera(camera, plan, settings)
        stack.callback(source.close)
        watches.append(parts.camera_watch(plan, source))
    status = stack.enter_context(watch_status())
    signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
    loop = WatchLoop(
        watches,
        clock=time.monotonic,
        wait=time.sleep,
        stop_asked=signals.stop_asked,
        on_round=status,
    )
    return loop.run()


def _is_file(origin: str) -> bool:
    """Whether a setting came from a file, not from a flag or a variable."""
    return Path(origin).is_absolute()
