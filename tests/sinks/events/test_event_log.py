"""The list of events: what was added is there, whatever happened to its end."""

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from livecam.core.watching.watch_event import WatchEvent, event_file, event_id, event_record
from livecam.errors import SettingsError, SinkError
from livecam.sinks.events.event_log import (
    LOG_NAME,
    EventLog,
    append_event,
    delete_event,
    files_of,
    is_kept,
    mark_kept,
    read_events,
)

START = datetime(2026, 7, 1, 6, 12, 3, 500_000, timezone(timedelta(hours=2)))


def event_at(minute: int, state="ended") -> WatchEvent:
    start = START + timedelta(minutes=minute)
    end = None if state == "open" else start + timedelta(seconds=4)
    name = event_id(start, "daisy", "", ())
    files = {"clean": event_file(name, "clean"), "thumbnail": event_file(name, "thumbnail")}
    return WatchEvent(
        name, "daisy", state, start, 60.0 * minute, end, 60.0 * minute + 4 if end else None, 9,
        files=files, why="daisy > 0.8",
    )  # fmt: skip


def with_files(folder, event):
    for path in files_of(folder, event):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return event


def test_the_last_line_of_an_event_counts_and_events_are_in_order(tmp_path):
    with EventLog(tmp_path / "events") as log:
        late, early = event_at(5, "open"), event_at(1)
        for event in (late, early, replace(late, looks=3), event_at(5)):
            log.append(event)
        assert log.events() == {early.event: early, late.event: event_at(5)}
    assert (tmp_path / "events" / LOG_NAME).read_text().count("\n") == 4
    assert [path.name for path in (tmp_path / "events").iterdir()] == [LOG_NAME]


def test_it_knows_when_the_list_was_written_before_its_end_was_mended(tmp_path):
    with EventLog(tmp_path) as log:
        assert log.written_at is None
        log.append(event_at(0))
    with (tmp_path / LOG_NAME).open("a") as file:
        file.write('{"half')
    os.utime(tmp_path / LOG_NAME, (START.timestamp(), START.timestamp()))
    with EventLog(tmp_path) as log:
        assert log.written_at == START


def test_a_folder_without_a_list_has_no_events(tmp_path):
    assert read_events(tmp_path / "nothing") == {}


def test_two_programs_do_not_write_one_list_but_anybody_reads(tmp_path):
    with EventLog(tmp_path) as log:
        log.append(event_at(0))
        with pytest.raises(SettingsError, match="another livecam"):
            EventLog(tmp_path).__enter__()
        assert len(read_events(tmp_path)) == 1


LINE = json.dumps(event_record(event_at(0))).encode() + b"\n"


@pytest.mark.parametrize(
    "torn", [LINE[:-1], LINE[:40], b"{", b"\0" * 5000, b"\xff\xfe", b"x" * 150_000]
)
def test_half_a_line_at_the_end_is_ignored_and_mended_at_the_next_start(tmp_path, torn):
    path = tmp_path / LOG_NAME
    path.write_bytes(LINE + torn)
    assert list(read_events(tmp_path)) == [event_at(0).event]
    with EventLog(tmp_path) as log:
        log.append(event_at(1))
    assert list(read_events(tmp_path)) == [event_at(0).event, event_at(1).event]


def test_a_line_after_half_a_line_stays_whole(tmp_path):
    (tmp_path / LOG_NAME).write_bytes(LINE + LINE[:50])
    append_event(tmp_path, event_at(1))
    assert list(read_events(tmp_path)) == [event_at(0).event, event_at(1).event]


@pytest.mark.parametrize(
    "strange", [b"[]\n", b"\n", b"{}\n", b"\xff\n", b"[" * 9000 + b"\n", b"9\n"]
)
def test_lines_of_strangers_are_passed_over(tmp_path, strange):
    (tmp_path / LOG_NAME).write_bytes(LINE + strange + LINE.replace(b"0612", b"0712"))
    assert len(read_events(tmp_path)) == 2


def test_every_cut_of_the_file_keeps_the_lines_before_it(tmp_path):
    path = tmp_path / LOG_NAME
    for length in range(len(LINE), 2 * len(LINE), 37):
        path.write_bytes((LINE + LINE.replace(b"0612", b"0712"))[:length])
        with EventLog(tmp_path):
            pass
        assert path.read_bytes() == LINE


def test_a_full_disk_leaves_no_half_line(tmp_path, monkeypatch):
    append_event(tmp_path, event_at(0))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SinkError, match="No space left"):
        append_event(tmp_path, event_at(1))
    monkeypatch.undo()
    assert list(read_events(tmp_path)) == [event_at(0).event]
    assert (tmp_path / LOG_NAME).read_bytes().count(b"\n") == 1


def test_events_are_marked_as_kept_and_no_longer(tmp_path):
    event = event_at(0).event
    assert not is_kept(tmp_path, event)
    mark_kept(tmp_path, event, is_kept=True)
    mark_kept(tmp_path, event, is_kept=True)
    assert is_kept(tmp_path, event)
    assert (tmp_path / "2026-07-01" / f"{event}.keep").stat().st_size == 0
    mark_kept(tmp_path, event, is_kept=False)
    mark_kept(tmp_path, event, is_kept=False)
    assert not is_kept(tmp_path, event)
    with pytest.raises(ValueError, match="no id"):
        mark_kept(tmp_path, "../x", is_kept=True)


def test_a_deleted_event_is_gone_with_its_files(tmp_path):
    for minute in (0, 1):
        append_event(tmp_path, with_files(tmp_path, event_at(minute)))
    mark_kept(tmp_path, event_at(0).event, is_kept=True)
    assert delete_event(tmp_path, event_at(0).event)
    assert not delete_event(tmp_path, event_at(0).event)
    assert list(read_events(tmp_path)) == [event_at(1).event]
    left = {path.name for path in (tmp_path / "2026-07-01").iterdir()}
    assert left == {path.name for path in files_of(tmp_path, event_at(1))}
    assert delete_event(tmp_path, event_at(1).event)
    assert not (tmp_path / "2026-07-01").exists()


def test_what_goes_on_is_not_deleted(tmp_path):
    append_event(tmp_path, with_files(tmp_path, event_at(0, "open")))
    with pytest.raises(SinkError, match="still goes on"):
        delete_event(tmp_path, event_at(0).event)
    assert all(path.exists() for path in files_of(tmp_path, event_at(0)))


def test_an_event_whose_file_cannot_be_deleted_stays(tmp_path):
    event = event_at(0)
    append_event(tmp_path, event)
    (tmp_path / event.files["clean"]).mkdir(parents=True)  # no file: unlink fails
    with pytest.raises(SinkError, match="could not be deleted"):
        delete_event(tmp_path, event.event)
    assert event.event in read_events(tmp_path)


def test_no_file_outside_of_the_folder_is_deleted(tmp_path):
    outside, folder = tmp_path / "outside.mp4", tmp_path / "events"
    folder.mkdir()
    outside.write_bytes(b"x")
    for name in ("../outside.mp4", str(outside)):
        event = replace(event_at(0), files={"clean": name})
        append_event(folder, event)
        assert files_of(folder, event) == ()
        assert delete_event(folder, event.event)
    assert outside.exists()
