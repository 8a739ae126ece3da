"""The files of events: what a disk refuses for a while is written later, as far as it can be."""

from dataclasses import replace

import pytest
from sinks.events.test_event_log import event_at

from livecam.errors import SinkError
from livecam.sinks.events.event_files import EventFiles
from livecam.sinks.events.event_log import LOG_NAME, EventLog, read_events
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
