"""Events that a killed program left open, and the files beside the list."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from support import picture

from livecam.core.watching.watch_event import WatchEvent, event_id
from livecam.errors import SinkError
from livecam.sinks.events.cut_events import close_open_events, take_untold_events
from livecam.sinks.events.event_files import EventFiles
from livecam.sinks.events.event_log import EventLog

START = datetime(2026, 7, 1, 6, 12, 3, 500_000, timezone(timedelta(hours=2)))
EVENT = WatchEvent(event_id(START, "daisy", "", ()), "daisy", "open", START, 100.0)


@pytest.fixture
def log(tmp_path):
    with EventLog(tmp_path / "events") as opened:
        yield opened


@pytest.mark.parametrize("begin_s", [95.0, None])
def test_an_open_event_is_cut_where_its_figures_end(log, begin_s):
    """They count from the beginning of its clip; in a list of before, on the source's clock."""
    files = EventFiles(log)
    files.append(replace(EVENT, begin_s=begin_s))
    files.clip_path(EVENT.event).write_bytes(b"pictures")
    for time_s in (99.5, 100.0, 100.5, 101.0):  # a look before the first that held
        files.add_figures(EVENT.event, {"time_s": time_s - (begin_s or 0.0)})
    with (log.folder / "2026-07-01" / f"{EVENT.event}.jsonl").open("a") as torn:
        torn.write('{"time_s": 10')
    files.save_thumbnail(EVENT.event, picture())
    (cut,) = close_open_events(log)
    assert cut == log.events()[EVENT.event]
    assert (cut.state, cut.end_s, cut.end) == ("cut", 101.0, START + timedelta(seconds=1.0))
    assert cut.looks == 3
    assert set(cut.files) == {"clean", "figures", "thumbnail"}
    assert close_open_events(log) == []


def test_a_clip_without_pictures_is_no_file_of_the_event(log):
    files = EventFiles(log)
    files.append(EVENT)
    path = files.clip_path(EVENT.event)
    path.write_bytes(b"")
    (cut,) = close_open_events(log, has_pictures=lambda found: found != path)
    assert (cut.files, path.exists()) == ({}, False)
    assert (cut.end_s, cut.end) == (100.0, START)


def test_looks_that_the_list_has_are_never_fewer(log):
    """Of a picture that stands still only the first look has figures."""
    files = EventFiles(log)
    files.append(replace(EVENT, looks=40))
    files.add_figures(EVENT.event, {"time_s": 100.0})
    (cut,) = close_open_events(log)
    assert cut.looks == 40


def test_what_is_over_stays_as_it_is(log):
    ended = WatchEvent(EVENT.event, "daisy", "ended", START, 100.0, START, 100.0)
    EventFiles(log).append(ended)
    assert close_open_events(log) == []
    assert log.events() == {EVENT.event: ended}


def test_only_files_that_are_there_are_named(log):
    files = EventFiles(log)
    there = {"clean": "2026-07-01/a.mp4", "figures": "2026-07-01/a.jsonl"}
    (log.folder / "2026-07-01").mkdir()
    (log.folder / "2026-07-01" / "a.mp4").touch()
    files.append(WatchEvent(EVENT.event, "daisy", "ended", START, 1.0, files=there))
    assert log.events()[EVENT.event].files == {"clean": "2026-07-01/a.mp4"}
    assert EVENT.event in files.ids
    assert EVENT.event in EventFiles(log).ids


def test_a_thumbnail_replaces_the_one_before_whole(log):
    files = EventFiles(log)
    first = files.save_thumbnail(EVENT.event, picture(value=10))
    second = files.save_thumbnail(EVENT.event, picture(value=200))
    (path,) = (log.folder / "2026-07-01").iterdir()
    assert first != second == path.read_bytes()


def test_what_cannot_be_written_is_said(log):
    (log.folder / "2026-07-01").write_text("in the way")
    files = EventFiles(log)
    for write in (
        lambda: files.clip_path(EVENT.event),
        lambda: files.add_figures(EVENT.event, {}),
        lambda: files.save_thumbnail(EVENT.event, picture()),
    ):
        with pytest.raises(SinkError, match="2026-07-01"):
            write()


def test_what_a_program_cut_that_tells_nobody_is_to_be_told_once(log):
    files = EventFiles(log)
    files.append(EVENT)
    (cut,) = close_open_events(log, is_told=False)
    assert (cut.state, cut.is_told) == ("cut", False)
    assert log.events()[EVENT.event] == cut
    assert take_untold_events(log) == [replace(cut, is_told=True)]
    assert log.events()[EVENT.event].is_told
    assert take_untold_events(log) == []
