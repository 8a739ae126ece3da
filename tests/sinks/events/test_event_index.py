"""The events of a folder as a page reads them, while others add to the list."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from events_folder import FIRST, event_at, write_events
from support import eventually

from livecam.core.watching.event_list import EventFilter
from livecam.core.watching.watch_event import event_record
from livecam.errors import SinkError
from livecam.sinks.events.event_index import EventIndex, is_events_folder
from livecam.sinks.events.event_log import LOG_NAME, EventLog

ALL = EventFilter()


def events_of(count, **changes):
    return [event_at(FIRST + timedelta(minutes=n), **changes) for n in range(count)]


def index_of(folder, *, is_own=False, **given):
    index = EventIndex(folder, is_own=is_own, **given)
    index.refresh()
    return index


def ids(events):
    return [event.event for event in events]


def test_a_folder_with_a_list_is_one_of_events(tmp_path):
    assert not is_events_folder(tmp_path)
    write_events(tmp_path / "a", events_of(1), files=False)
    assert is_events_folder(tmp_path / "a")
    assert not is_events_folder(tmp_path / "a" / LOG_NAME)
    assert not is_events_folder(tmp_path / "missing")


def test_events_come_newest_first_and_in_pages(tmp_path):
    events = events_of(7)
    write_events(tmp_path, [*events[3:], *events[:3]], files=False)
    index = index_of(tmp_path)
    newest = ids(reversed(events))
    assert ids(index.events(ALL, "", 100)) == newest
    assert ids(index.events(ALL, "", 3)) == newest[:3]
    assert ids(index.events(ALL, newest[2], 3)) == newest[3:6]
    assert ids(index.events(ALL, newest[-1], 3)) == []
    assert ids(index.events(EventFilter(day="2026-07-02"), "", 3)) == []


def test_older_ones_also_follow_one_that_was_deleted_meanwhile(tmp_path):
    events = events_of(4)
    write_events(tmp_path, events, files=False)
    write_events(tmp_path, [replace(events[2], state="deleted", files={})], files=False)
    index = index_of(tmp_path)
    assert ids(index.events(ALL, events[2].event, 9)) == ids([events[1], events[0]])


def test_only_whole_lines_are_read_and_the_last_one_counts(tmp_path):
    event, other = events_of(2)
    write_events(tmp_path, [replace(event, state="open", end=None, end_s=None)], files=False)
    index = index_of(tmp_path)
    assert ids(index.going_on()) == [event.event]
    line = (json.dumps(event_record(event)) + "\n").encode()
    with (tmp_path / LOG_NAME).open("ab") as file:
        file.write(b"no event\n" + line[:50])
    index.refresh()
    assert index.find(event.event).state == "open"
    before = index.revision
    with (tmp_path / LOG_NAME).open("ab") as file:
        file.write(line[50:])
    index.refresh()
    assert index.find(event.event) == event
    assert index.going_on() == ()
    assert index.revision > before
    before = index.revision
    index.refresh()
    assert index.revision == before
    assert index.find(other.event) is None


def test_another_list_in_its_place_is_read_from_its_beginning(tmp_path):
    first, second = events_of(2)
    write_events(tmp_path, [first], files=False)
    index = index_of(tmp_path)
    write_events(tmp_path / "new", [second], files=False)
    (tmp_path / "new" / LOG_NAME).replace(tmp_path / LOG_NAME)
    index.refresh()
    assert ids(index.events(ALL, "", 9)) == [second.event]
    (tmp_path / LOG_NAME).write_bytes(b"")
    index.refresh()
    assert index.events(ALL, "", 9) == []


def test_what_is_added_is_told_by_itself(tmp_path):
    first, second = events_of(2)
    write_events(tmp_path, [first], files=False)
    changes = []
    with EventIndex(tmp_path, is_own=False) as index:
        index.on_change(lambda: changes.append(index.revision))
        write_events(tmp_path, [second], files=False)
        eventually(lambda: changes)
        assert ids(index.events(ALL, "", 9)) == ids([second, first])


def test_a_folder_may_come_later(tmp_path):
    index = index_of(tmp_path / "later")
    assert index.events(ALL, "", 9) == []
    write_events(tmp_path / "later", events_of(1), files=False)
    index.refresh()
    assert len(index.events(ALL, "", 9)) == 1


def test_files_are_those_inside_of_the_folder(tmp_path):
    (event,) = events_of(1)
    write_events(tmp_path / "events", [event])
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    outside = event_at(FIRST + timedelta(hours=1), files={"clean": "../secret.mp4"})
    absolute = event_at(FIRST + timedelta(hours=2), files={"clean": str(tmp_path / "secret.mp4")})
    write_events(tmp_path / "events", [outside, absolute], files=False)
    index = index_of(tmp_path / "events")
    assert index.file(event.event, "clean").name == f"{event.event}.mp4"
    assert index.file(event.event, "thumbnail").is_file()
    for strange in (outside, absolute):
        assert index.file(strange.event, "clean") is None
    assert index.file(outside.event, "figures") is None
    assert index.file("no event", "clean") is None


def test_a_kept_event_is_found_and_counted_as_such(tmp_path):
    events = events_of(3)
    write_events(tmp_path, events, files=False)
    index = index_of(tmp_path)
    kept = EventFilter(is_kept=True)
    assert index.events(kept, "", 9) == []
    assert index.counts(kept).days == {}
    before = index.revision
    assert index.mark_kept(events[1].event, is_kept=True)
    assert index.revision > before
    assert ids(index.events(kept, "", 9)) == [events[1].event]
    assert sum(index.counts(kept).days["2026-07-01"]) == 1
    assert index.mark_kept(events[1].event, is_kept=False)
    assert not index.is_kept(events[1].event)
    assert not index.mark_kept("../../etc/passwd", is_kept=True)
    assert not index.is_kept("../../etc/passwd")


@contextmanager
def written_by_another(folder, is_locked):
    if not is_locked:
        yield
        return
    with EventLog(folder):
        yield


@pytest.mark.parametrize(("is_own", "is_locked"), [(True, True), (False, False)])
def test_an_event_is_deleted_with_its_files(tmp_path, is_own, is_locked):
    """By the program that writes the list, or by one that only shows it, where nobody does."""
    event, other = events_of(2)
    write_events(tmp_path, [event, other])
    told = []
    with written_by_another(tmp_path, is_locked):
        index = index_of(tmp_path, is_own=is_own, notify=told.append)
        path = index.file(event.event, "clean")
        assert index.delete(event.event)
    assert not path.exists()
    assert ids(index.events(ALL, "", 9)) == [other.event]
    assert told == [f"deleted the event {event.event}"]
    assert not index.delete(event.event)


def test_another_program_deletes_nothing_below_the_one_that_writes(tmp_path):
    (event,) = events_of(1)
    write_events(tmp_path, [event])
    with EventLog(tmp_path):
        index = index_of(tmp_path)
        with pytest.raises(SinkError, match="livecam watch writes into"):
            index.delete(event.event)
        assert index.mark_kept(event.event, is_kept=True)  # this it may
    assert index.file(event.event, "clean").exists()


def test_an_event_that_goes_on_is_not_deleted(tmp_path):
    (event,) = events_of(1, state="open", end=None, end_s=None)
    write_events(tmp_path, [event])
    with pytest.raises(SinkError, match="still goes on"):
        index_of(tmp_path, is_own=True).delete(event.event)


def test_counts_are_made_once_as_long_as_nothing_changes(tmp_path):
    events = events_of(3)
    write_events(tmp_path, events[:2], files=False)
    index = index_of(tmp_path)
    first = index.counts(ALL)
    assert index.counts(ALL) is first
    write_events(tmp_path, events[2:], files=False)
    index.refresh()
    assert sum(index.counts(ALL).days["2026-07-01"]) == 3
