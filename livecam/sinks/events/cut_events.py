"""Events that a killed program left open: they are in the list, and become whole here."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from livecam.core.formatting import counted
from livecam.core.watching.watch_event import FILE_KINDS, WatchEvent, event_file
from livecam.sinks.events.event_files import with_existing_files
from livecam.sinks.events.event_log import EventLog
from livecam.sinks.recording.remux import repair_in_place

_SAME_S = 1e-3
"""Times are rounded where they are written."""


def close_open_events(
    log: EventLog, has_pictures: Callable[[Path], bool] = lambda _: True
) -> list[WatchEvent]:
    """Mark every open event as cut, with the files that are there; gives them.

    Its end and its looks are those that its figures have.

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


def cut_events_line(cut: Sequence[WatchEvent]) -> str:
    """What is said of events that were cut, at least one."""
    names = ", ".join(event.event for event in cut)
    return f"{counted(len(cut), 'event')} went on when livecam was ended last, now cut: {names}"


def _with_end(folder: Path, event: WatchEvent) -> WatchEvent:
    """With the end that is known, or that its figures tell, and all of its looks."""
    if event.end is not None:
        return event
    name = event.files.get("figures")
    looks = list(_looks_of(folder / name, event.start_s)) if name is not None else []
    end_s = max([event.start_s, *looks])
    end: datetime = event.start + timedelta(seconds=end_s - event.start_s)
    return replace(event, end=end, end_s=end_s, looks=max(event.looks, len(looks)))


def _looks_of(path: Path, start_s: float) -> Iterator[float]:
    """The times of all whole records of figures from the start on; none of a missing file."""
    with suppress(OSError), path.open("rb") as file:
        for line in file:
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                time_s = float(json.loads(line)["time_s"])
                if time_s >= start_s - _SAME_S:
                    yield time_s
