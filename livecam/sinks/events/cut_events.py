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
    log: EventLog,
    has_pictures: Callable[[Path], bool] = lambda _: True,
    *,
    is_told: bool = True,
) -> list[WatchEvent]:
    """Mark every open event as cut, with the files that are there; gives them.

    Its end and its looks are those that its figures have.

    Args:
        log: open, so that no other program goes on with them.
        has_pictures: whether a clip has any; one without is deleted.
        is_told: whether others are told of it by this program; else by the next one that does.

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
        over = replace(with_existing_files(log.folder, found), state="cut", is_told=is_told)
        closed = _with_end(log.folder, over)
        log.append(closed)
        cut.append(closed)
    return cut


def cut_events_line(cut: Sequence[WatchEvent]) -> str:
    """What is said of events that were cut, at least one."""
    return _events_line(cut, "went on when livecam was ended last, now cut")


def untold_events_line(untold: Sequence[WatchEvent]) -> str:
    """What is said of events whose end others are told of only now, at least one."""
    return _events_line(untold, "cut while nobody was told, which is done now")


def _events_line(events: Sequence[WatchEvent], what: str) -> str:
    return f"{counted(len(events), 'event')} {what}: {', '.join(each.event for each in events)}"


def take_untold_events(log: EventLog) -> list[WatchEvent]:
    """The events of whose end others are still to be told; they count as told from now on.

    Raises:
        SinkError: the list cannot be read or written.
    """
    events = log.events().values()
    untold = [replace(event, is_told=True) for event in events if not event.is_told]
    for event in untold:
        log.append(event)
    return untold


def _with_end(folder: Path, event: WatchEvent) -> WatchEvent:
    """With the end that is known, or that its figures tell, and all of its looks."""
    if event.end is not None:
        return event
    name = event.files.get("figures")
    begin_s = event.begin_s or 0.0
    times = _looks_of(folder / name) if name is not None else ()
    looks = [begin_s + time_s for time_s in times if begin_s + time_s >= event.start_s - _SAME_S]
    end_s = max([event.start_s, *looks])
    end: datetime = event.start + timedelta(seconds=end_s - event.start_s)
    return replace(event, end=end, end_s=end_s, looks=max(event.looks, len(looks)))


def _looks_of(path: Path) -> Iterator[float]:
    """The times of all whole records of figures; none of a missing file."""
    with suppress(OSError), path.open("rb") as file:
        for line in file:
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                yield float(json.loads(line)["time_s"])
