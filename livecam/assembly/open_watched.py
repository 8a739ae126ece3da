"""Joins a watched source with the files that clips of it go into."""

from livecam.core.watching.watched_source import WatchedSource
from livecam.settings.schema import Settings
from livecam.sinks.events.clip_files import ClipFiles
from livecam.sinks.recording.options import disk_space_monitor
from livecam.sources.watched.create_watched import create_watched
from livecam.sources.watched.source_state import WatchOptions, WatchSetup


def open_watched(text: str, settings: Settings, options: WatchOptions) -> WatchedSource:
    """The watched source that SOURCE means, not yet opened.

    Raises:
        SourceError: it is nothing that can be opened.
        SettingsError: OpenCV does not have the back end that a camera is to be opened with.
    """
    clip_files = ClipFiles(disk_space_monitor(settings), settings.recording.quality)
    return create_watched(text, settings, WatchSetup(options, clip_files))
