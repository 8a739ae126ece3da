"""Watched sources for tests: real files of clips, every clock handed in."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from support import eventually

from livecam.settings.schema import Settings
from livecam.sinks.events.clip_files import ClipFiles
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sources.watched.create_watched import create_watched
from livecam.sources.watched.source_state import WatchOptions, WatchSetup

ZONE = timezone(timedelta(hours=2))
NOON = datetime(2026, 7, 1, 12, tzinfo=ZONE)
EVERY = WatchOptions(look_every_s=0.5, keeps_s=30.0)


def watched(text, options: WatchOptions = EVERY, *, settings=Settings(), **setup):  # noqa: B008
    """A watched source, not yet opened."""
    files = ClipFiles(DiskSpaceMonitor(0), "good")
    return create_watched(str(text), settings, WatchSetup(options, files, **setup))


def looks_of(source, until_s: float = float("inf")):
    """Looks one after the other, until the source is over or beyond a time."""
    while not source.is_over:
        look = eventually(lambda: source.next_look() or source.is_over)
        if look is True:
            return
        yield look
        if look.time_s >= until_s:
            return


def event_clip(source, path: Path, *, begin_at_s: float, from_s: float, until_s: float):
    """The result of a clip that is begun at one look and ended by a later one."""
    clip = None
    for look in looks_of(source, until_s + 1.0):
        if clip is None and look.time_s >= begin_at_s:
            clip = source.begin_clip(from_s, path)
        if look.time_s >= until_s - 0.5:
            clip.end(until_s)
    eventually(lambda: clip.is_finished)
    return clip.close()
