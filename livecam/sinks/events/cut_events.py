"""Events that a killed program left open: they are in the list, and become whole here."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from livecam.core.watching.watch_event import FILE_KINDS, WatchEvent, event_file
from livecam.sinks.events.event_files import with_existing_files
from livecam.sinks.events.event_log import EventLog
from livecam.sinks.recording.remux import repair_in_place

_TAIL_BYTES = 100_000
"""The last record of figures is within so many bytes."""


def close_open_events(
    log: EventLog, has_pictures: Callable[[Path], bool] = lambda _: True
) -> list[WatchEvent]:
    """Mark every open event as cut, with the files that are there; gives them.

    The end of such an event is the last look that its figures have.

    Args:
        log: open, so that no other program goes on with them.
        has_pictures: whether a clip has any; one without is deleted.

    Raises:
        SinkError: the list cannot be read or written.
    """
    cut = []
    for event in log.events().values():
        if event.state != "open":
            continue
        every = {kind: event_file(event.event, kind) for kind in FILE_KINDS}
        found = with_existing_files(log.folder, replace(event, files=every))
        for kind in ("clean", "annotated"):
            name = found.files.get(kind)
            if name is None:
                continue
            if not has_pictures(log.folder / name):
                with suppress(OSError):
                    (log.folder / name).unlink()
            else:
                repair_in_place(log.folder / name)  # it gets an index, and begins where it should
        closed = _with_end(log.folder, replace(with_existing_files(log.folder, found), state="cut"))
        log.append(closed)
        cut.append(closed)
    return cut


def _with_end(folder: Path, event: WatchEvent) -> WatchEvent:
    """With the end that is known, or that its figures tell."""
    if event.end is not None:
        return event
    last_s = _last_look_s(folder / event.files["figures"]) if "figures" in event.files else None
    end_s = max(event.start_s, event.start_s if last_s is None else last_s)
    end: datetime = event.start + timedelta(seconds=end_s - event.start_s)
    return replace(event, end=end, end_s=end_s)


def _last_look_s(path: Path) -> float | None:
    """The time of the last whole record of figures; None without any."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().split(b"\n")
    except OSError:
        return None
    for line in reversed(lines):
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            return float(json.loads(line)["time_s"])
    return None
