"""A disk that stalls while a recording begins, is finished or rescued."""

import errno
import itertools
import json
import sys
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from sinks.recording.recordings import (
    camera_options,
    clip_options,
    readable_times_s,
    recorder_at_noon,
    show_at_its_pace,
    textured_frame,
)
from support import eventually, probe

from livecam.core.split_limit import split_limit
from livecam.errors import SinkError
from livecam.sinks.recording import (
    beginning,
    disk_thread,
    finisher,
    next_recording,
    written_file,
)
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.keep_limits import KeepLimits
from livecam.sinks.recording.options import RecordingEvents
from livecam.sinks.recording.recording_names import RecordingNames
from livecam.sinks.recording.remux import is_whole_file
from livecam.sinks.recording.retention import Retention
from livecam.sinks.recording.session import RecordingSession


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("pre_roll_s", [0.0, 1.0])
def test_a_disk_that_stalls_when_a_recording_begins_costs_no_frame(
    suffix, pre_roll_s, tmp_path, monkeypatch
):
    answers, look = threading.Event(), RecordingNames.next

    def stalled(names, now):
        assert answers.wait(60)
        return look(names, now)

    monkeypatch.setattr(RecordingNames, "next", stalled)
    monkeypatch.setattr(beginning, "_BRIEF_S", 0.0)
    path = tmp_path / f"r{suffix}"
    options = replace(camera_options(path, stats=True, clean=True), pre_roll_s=pre_roll_s)
    session = RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0))
    for number in range(300):
        if number == 240:
            assert not path.exists()
            answers.set()
        session.add_frame(textured_frame(number))
    session.finish()
    assert probe(path).frames == probe(path.with_stem("r_clean")).frames == 300
    lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["frame"] for line in lines] == list(range(300))


def test_a_recording_that_ends_before_its_disk_has_answered_is_whole(tmp_path, monkeypatch):
    answers, look, path = threading.Event(), RecordingNames.next, tmp_path / "r.mp4"
    monkeypatch.setattr(RecordingNames, "next", lambda *given: answers.wait(60) and look(*given))
    with recorder_at_noon(camera_options(path)) as recorder:
        show_at_its_pace(recorder, range(20))
        threading.Timer(0.5, answers.set).start()
    assert probe(path).frames == 20


def test_while_the_disk_of_a_recording_that_begins_stalls_memory_is_bounded(tmp_path, monkeypatch):
    answers = threading.Event()
    monkeypatch.setattr(RecordingNames, "next", lambda *_: answers.wait(60))
    monkeypatch.setattr(beginning, "_BRIEF_S", 0.0)
    monkeypatch.setattr(disk_thread, "DISK_LIMIT_S", 0.3)
    options = replace(camera_options(tmp_path / "r.mp4"), write_buffer_bytes=20_000)
    session = RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0))
    for number in range(100):
        session.add_frame(textured_frame(number))
    assert session.is_disk_behind
    with pytest.raises(SinkError, match=r"failed \(the disk gives no answer"):
        session.finish()
    assert not session.is_disk_behind
    answers.set()


@pytest.mark.parametrize("options_of", [camera_options, clip_options])
def test_a_recording_goes_on_when_its_disk_answers_after_memory_was_full(
    options_of, tmp_path, monkeypatch
):
    """A camera's frames are dropped until then, a clip waits; neither for ever."""
    answers, look = threading.Event(), RecordingNames.next
    monkeypatch.setattr(RecordingNames, "next", lambda *given: answers.wait(60) and look(*given))
    monkeypatch.setattr(beginning, "_BRIEF_S", 0.0)
    path, numbers, dropped = tmp_path / "r.mp4", itertools.count(), []
    recorder = recorder_at_noon(options_of(path, write_buffer_bytes=20_000))

    def has_gone_on():
        return answers.is_set() and not recorder._session.is_disk_behind

    def show_next():
        recorder.show(textured_frame(next(numbers)))
        eventually(lambda: len(recorder._thread._queue) < 3)

    def run():
        with recorder:
            while not has_gone_on():
                show_next()
            dropped.append(recorder.state().dropped)
            for _ in range(60):
                show_next()

    running = threading.Thread(target=run, daemon=True)
    running.start()
    eventually(lambda: recorder._thread and recorder._session.is_disk_behind)
    answers.set()
    running.join(20)
    assert not running.is_alive()
    assert recorder.state().dropped == dropped[0]  # none since then
    assert probe(path).frames == next(numbers) - dropped[0]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("is_at_end", [False, True])
def test_a_disk_that_stalls_when_the_next_file_begins_costs_no_frame(
    suffix, is_at_end, tmp_path, monkeypatch
):
    answers, is_asked, look = threading.Event(), threading.Event(), RecordingNames.after

    def stalled(*given):
        is_asked.set()
        assert answers.wait(60)
        return look(*given)

    monkeypatch.setattr(RecordingNames, "after", stalled)
    monkeypatch.setattr(next_recording, "_BRIEF_S", 0.0)
    path = tmp_path / f"r{suffix}"
    more = {"stats": True, "clean": True, "split": split_limit("2s")}
    session = RecordingSession(camera_options(path, **more), RecordingEvents(), DiskSpaceMonitor(0))
    for number in range(100):
        session.add_frame(textured_frame(number))
    assert is_asked.wait(60)
    assert not session.is_disk_behind
    if is_at_end:
        threading.Timer(0.3, answers.set).start()
    else:
        answers.set()
        eventually(lambda: session._files._next.is_over)
    for number in () if is_at_end else range(100, 150):
        session.add_frame(textured_frame(number))
    session.finish()
    count = 100 if is_at_end else 150
    parts = sorted(tmp_path.glob(f"r*{suffix}"))
    frames = {part.stem: probe(part).frames for part in parts}
    expected = {"r": 60, "r_clean": 60, "r_2": 40, "r_2_clean": 40}
    if not is_at_end:
        expected |= {"r_2": 60, "r_2_clean": 60, "r_3": 30, "r_3_clean": 30}
    assert frames == expected
    lines = [part.read_text("utf-8").splitlines() for part in tmp_path.glob("*.jsonl")]
    assert sum(map(len, lines)) == count


def test_while_the_disk_of_the_next_file_stalls_memory_is_bounded(tmp_path, monkeypatch):
    answers, look = threading.Event(), RecordingNames.after
    monkeypatch.setattr(RecordingNames, "after", lambda *given: answers.wait(60) and look(*given))
    monkeypatch.setattr(next_recording, "_BRIEF_S", 0.0)
    options = camera_options(
        tmp_path / "r.mp4", split=split_limit("2s"), write_buffer_bytes=100_000
    )
    session = RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0))
    numbers = iter(range(10_000))
    while not session.is_disk_behind:
        session.add_frame(textured_frame(next(numbers)))
    answers.set()
    eventually(lambda: not session.is_disk_behind)
    session.finish()


def stalls_while(monkeypatch, module, name):
    """Let this function of a module never answer until the event is set."""
    answers = threading.Event()
    monkeypatch.setattr(disk_thread, "DISK_LIMIT_S", 0.4)
    monkeypatch.setattr(module, name, lambda *_, **__: answers.wait(60))
    return answers


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_copy_that_stalls_is_given_up(suffix, tmp_path, monkeypatch):
    """Index and counts are put in front by a copy; the recording itself is whole before that."""
    path = tmp_path / f"r{suffix}"
    answers = stalls_while(monkeypatch, finisher, "remux_in_place")
    with (
        pytest.raises(SinkError, match=r"could not be finished \(the disk gives no answer"),
        recorder_at_noon(camera_options(path)) as recorder,
    ):
        show_at_its_pace(recorder, range(30))
    assert len(readable_times_s(path)) == 30
    answers.set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no file that is in use")
def test_a_rescue_that_stalls_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "r.mp4"
    answers = stalls_while(monkeypatch, written_file, "copy_to_first_place")

    def record(recorder):
        with recorder:
            show_at_its_pace(recorder, range(60))
            eventually(path.exists)
            path.unlink()

    with pytest.raises(SinkError, match="the disk gives no answer"):
        record(recorder_at_noon(camera_options(path)))
    answers.set()


def test_old_recordings_that_nobody_can_look_at_keep_no_run_from_ending(tmp_path, monkeypatch):
    answers = stalls_while(monkeypatch, Retention, "enforce")
    options = replace(camera_options(tmp_path / "r.mp4"), keep=KeepLimits(days=1))
    ended = threading.Event()

    def run():
        with suppress(SinkError), recorder_at_noon(options) as recorder:
            show_at_its_pace(recorder, range(30))
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        assert ended.wait(20)
    finally:
        answers.set()
    assert len(readable_times_s(tmp_path / "r.mp4")) == 30


def test_old_recordings_that_cannot_be_looked_at_cost_the_new_one_nothing(tmp_path, monkeypatch):
    def stale(*_):
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Retention, "enforce", stale)
    options = replace(camera_options(tmp_path / "r.mp4", clean=True), keep=KeepLimits(days=1))
    notes = []
    with recorder_at_noon(options, notes) as recorder:
        show_at_its_pace(recorder, range(30))
    for name in ("r.mp4", "r_clean.mp4"):
        assert is_whole_file(tmp_path / name)
        assert probe(tmp_path / name).frames == 30
    told = "old recordings cannot be looked at (stale file handle): none is deleted"
    assert notes.count(told) == 1
    assert len(notes) == 2
