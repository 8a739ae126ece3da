"""The files of events: what a disk refuses for a while is written later, as far as it can be."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from sinks.events.test_event_log import event_at, with_files

from livecam.errors import SinkError
from livecam.sinks.events.event_files import EventFiles, thumbnail_of
from livecam.sinks.events.event_log import LOG_NAME, EventLog, is_kept, read_events
from livecam.sinks.recording.disk_space import DiskSpaceMonitor


def test_states_that_could_not_be_written_are_written_with_the_next_one(tmp_path):
    path = tmp_path / LOG_NAME
    first, second = event_at(0, "open"), event_at(1, "open")
    with EventLog(tmp_path) as log:
        files = EventFiles(log)
        path.unlink()
        path.mkdir()  # nothing can be added to it
        for event in (first, second, replace(first, state="cut")):
            with pytest.raises(SinkError, match="could not be written"):
                files.append(event)
        with pytest.raises(SinkError, match="could not be written"):
            files.append_refused()
        path.rmdir()
        files.append(replace(second, looks=5))
        states = {event.event: event.state for event in read_events(tmp_path).values()}
        assert states == {first.event: "cut", second.event: "open"}
        lines = path.read_text().splitlines()
        files.append_refused()  # nothing is left
        assert path.read_text().splitlines() == lines
        assert len(lines) == 2


def test_there_is_room_for_a_clip_above_the_reserve_only(tmp_path):
    free = {"bytes": 0}
    with EventLog(tmp_path / "events") as log:
        files = EventFiles(log, DiskSpaceMonitor(10_000_000, lambda _: free["bytes"]))
        for free_bytes, has_room in ((10_000_000, False), (11_000_000, True)):
            free["bytes"] = free_bytes
            assert files.has_room() == has_room


@pytest.fixture
def stale(monkeypatch):
    """A disk of the network whose server was started anew: nobody can look at its files."""
    lost, look = {"is_lost": False}, Path.stat

    def stat(path, **given):
        if lost["is_lost"] and path.suffix in (".mp4", ".jpg", ".keep"):
            raise OSError(errno.ESTALE, "Stale file handle")
        return look(path, **given)

    monkeypatch.setattr(Path, "stat", stat)
    return lost


def test_a_disk_that_does_not_say_what_is_there_takes_the_state_later(tmp_path, stale):
    """Else watching would end in a traceback, or the line of the event would lose its clip."""
    event = event_at(0)
    with_files(tmp_path, event)
    with EventLog(tmp_path) as log:
        files = EventFiles(log)
        stale["is_lost"] = True
        with pytest.raises(SinkError, match=r"cannot be looked at \(stale file handle"):
            files.append(event)
        assert thumbnail_of(tmp_path, event) is None
        stale["is_lost"] = False
        files.append_refused()
    assert read_events(tmp_path) == {event.event: event}


def test_an_event_that_nobody_can_look_at_counts_as_kept(tmp_path, stale):
    event = event_at(0).event
    assert not is_kept(tmp_path, event)
    stale["is_lost"] = True
    assert is_kept(tmp_path, event)


def test_a_disk_that_is_away_has_no_room(tmp_path, monkeypatch):
    def away(*_, **__):
        raise OSError(errno.EHOSTDOWN, "Host is down")

    with EventLog(tmp_path / "events") as log:
        files = EventFiles(log)
        assert files.has_room()
        with monkeypatch.context() as disk:
            disk.setattr(Path, "is_dir", away)
            assert not files.has_room()
