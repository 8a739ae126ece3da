"""Creates the watched source that SOURCE of the command line means, not yet opened."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from livecam.core.input_limits import SizeLimits
from livecam.core.watching.watched_source import WatchedSource
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings, Settings
from livecam.sources.files.special_files import is_pipe
from livecam.sources.live.live_source import LiveSource
from livecam.sources.open_source import create_source
from livecam.sources.source_argument import parse_source_argument
from livecam.sources.watched.pace import Pace
from livecam.sources.watched.source_state import SourceState, WatchSetup
from livecam.sources.watched.wall_clocks import LiveWallClock
from livecam.sources.watched.watched_frames import WatchedFrames
from livecam.sources.watched.watched_live import WatchedLive


def create_watched(text: str, settings: Settings, setup: WatchSetup) -> WatchedSource:
    """The watched source that SOURCE means.

    Args:
        text: SOURCE as typed.
        settings: of cameras, of the daisy scene, and how large pictures may be.
        setup: how it is watched.

    Raises:
        SourceError: it is nothing that can be opened.
        SettingsError: OpenCV does not have the back end that a camera is to be opened with.
    """
    argument = parse_source_argument(text)
    limits = settings.input_limits.limits
    requested = replace(settings.camera, latency="newest")
    if argument.kind == "stream":
        return _live(lambda state: _stream(argument.text, requested, limits, state), setup)
    if argument.kind == "clip":
        from livecam.sources.watched.watched_clip import WatchedClip, has_copied_codec

        path = Path(argument.text)
        if is_pipe(path):
            raise SourceError(f"{path} is a named pipe, which cannot be watched: give an address.")
        if has_copied_codec(path, limits):
            return WatchedClip(path, limits, setup, Pace(None))
    source = create_source(text, settings.scene, requested, limits, waits_for_camera=True)
    if source.is_live:
        live = cast("LiveSource", source)
        return _live(lambda _: live, setup)
    pace = Pace(setup.system.clock if argument.kind == "daisy" else None)
    return WatchedFrames(source, setup, pace)


def _stream(
    address: str, requested: CameraSettings, limits: SizeLimits, state: SourceState
) -> LiveSource:
    from livecam.sources.stream import create_stream_source
    from livecam.sources.watched.watched_connection import watched_connection

    return create_stream_source(
        address,
        requested,
        limits,
        make_connection=lambda container, answer: watched_connection(
            container, answer, state, limits
        ),
    )


def _live(make_source: Callable[[SourceState], LiveSource], setup: WatchSetup) -> WatchedLive:
    clock = setup.system.clock
    began_s = clock()

    def now_s() -> float:
        return clock() - began_s

    state = SourceState(setup, LiveWallClock(now_s, setup.now), now_s)
    return WatchedLive(make_source(state), state, setup.system, began_s)
