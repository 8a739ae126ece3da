"""Opens what keeps the records of each day, and deletes old events, while `livecam watch` runs."""

from collections.abc import Callable
from pathlib import Path

from livecam.core.view import View
from livecam.settings.day_records import DayRecordSettings
from livecam.settings.schema import Settings
from livecam.sinks.day_records.day_records import DayRecordOptions, DayRecords
from livecam.sinks.events.event_log import read_events
from livecam.sinks.events.event_retention import EventRetention
from livecam.sinks.recording.keep_limits import keep_limits
from livecam.sinks.recording.options import disk_space_monitor


def open_day_records(
    folder: Path,
    wanted: DayRecordSettings,
    settings: Settings,
    view: View,
    say: Callable[[str], None],
) -> DayRecords:
    """Start the thread that keeps them; close it after all looks and events.

    Args:
        folder: of the events, whose list this program has.
        wanted: what is kept of each day.
        settings: how much is kept of events, and how much of the disk stays free.
        view: how maps are drawn.
        say: gets one line where something was deleted, or cannot be written.
    """
    recording = settings.recording
    limits = keep_limits(recording.keep_days, recording.keep_gb)
    retention = EventRetention(folder, limits, disk_space_monitor(settings), say)
    options = DayRecordOptions(
        folder, wanted, view, lambda: read_events(folder).values(), retention.look
    )
    return DayRecords(options, say)
