"""Where the figures go: files that exist, vanish or find a full disk, pipes that stop or close."""

import errno
import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from annotated_frames import annotated_frames_of
from support import eventually, fill, fill_disk_of, picture, program_env, records

from livecam.errors import ConsumerGoneError, SettingsError, SinkError
from livecam.sinks.stats_log import StatsLog
from livecam.sinks import stats_log

NEEDS_DEV_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")


@pytest.mark.parametrize("name", ["s.txt", "s", "s.json", "s.csv.gz"])
def test_another_kind_of_file_is_refused_with_those_that_can_be(name, tmp_path):
    with pytest.raises(
        SettingsError, match=r"must end in \.jsonl, \.csv or, .*\.coco\.json, or be -"
    ):
        StatsLog(str(tmp_path / name), grid=False, force=False)


def test_nothing_written_leaves_no_file(tmp_path):
    with StatsLog(str(tmp_path / "s.csv"), grid=False, force=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_made_after_the_name_was_checked_is_not_overwritten(tmp_path):
    log = StatsLog(str(tmp_path / "s.csv"), grid=False, force=False)
    (tmp_path / "s.csv").write_text("precious")
    with pytest.raises(SettingsError, match=r"s\.csv exists already"):
        log.__enter__()
    assert (tmp_path / "s.csv").read_text() == "precious"


def test_a_folder_that_vanished_is_an_error_that_names_the_file(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    log = StatsLog(str(gone / "s.csv"), grid=False, force=False)
    gone.rmdir()
    with pytest.raises(SinkError, match=r"gone/s\.csv .No such file"):
        log.__enter__()


@NEEDS_DEV_FULL
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_full_disk_is_an_error_that_says_so(suffix, tmp_path):
    path = tmp_path / f"s{suffix}"
    path.symlink_to("/dev/full")
    log = StatsLog(str(path), grid=False, force=True)
    with pytest.raises(SinkError, match="No space left on device"), log:
        log.show(annotated_frames_of([picture()])[0])


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_disk_that_becomes_full_leaves_whole_records(suffix, tmp_path, monkeypatch):
    """Half a number would be read as another number."""
    path, first = tmp_path / f"s{suffix}", annotated_frames_of([picture()])[0]
    log, write = StatsLog(str(path), grid=False, force=False), StatsLog._write
    whole = []

    def half(self, file, record):
        if not whole:
            write(self, file, record)
            file.flush()
            whole.append(path.read_bytes())
            return
        os.truncate(path, len(whole[0]) + 9)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(StatsLog, "_write", half)
    log.__enter__()
    log.show(first)
    eventually(log.is_idle)
    log.show(first)
    with pytest.raises(SinkError, match="No space left on device"):
        log.__exit__(None, None, None)
    assert path.read_bytes() == whole[0]


@NEEDS_DEV_FULL
def test_a_full_disk_is_an_error_while_the_run_goes_on(tmp_path):
    path = tmp_path / "s.csv"
    path.symlink_to("/dev/full")
    (annotated,) = annotated_frames_of([picture()])
    with StatsLog(str(path), grid=False, force=True) as log:
        log.show(annotated)
        eventually(log.is_idle)
        with pytest.raises(SinkError, match="No space left on device"):
            log.show(annotated)
        log.show(annotated)  # told once


@NEEDS_DEV_FULL
def test_a_disk_that_is_full_from_the_start_keeps_no_empty_file(tmp_path):
    log = StatsLog(str(tmp_path / "s.jsonl"), grid=False, force=False).__enter__()
    fill_disk_of(log._file)
    log.show(annotated_frames_of([picture()])[0])
    with pytest.raises(SinkError, match="No space left on device"):
        log.__exit__(None, None, None)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
def test_a_named_pipe_that_nobody_reads_is_an_error_at_once(tmp_path):
    path = tmp_path / "s.jsonl"
    os.mkfifo(path)
    log = StatsLog(str(path), grid=False, force=True)
    with pytest.raises(SinkError, match=r"nobody reads the named pipe .*s\.jsonl: start its"):
        log.__enter__()
    assert path.is_fifo()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
def test_whoever_reads_a_named_pipe_gets_every_record(tmp_path):
    path = tmp_path / "s.jsonl"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with StatsLog(str(path), grid=False, force=True) as log:
        for annotated in annotated_frames_of([picture()] * 5):
            log.show(annotated)
        eventually(log.is_idle)
        assert len(records(os.read(reading, 1 << 16).decode())) == 5
    os.close(reading)


@contextmanager
def stopped_reader(monkeypatch):
    """Standard output as a pipe that is full; gives the end that nobody reads, and how full."""
    reading, writing = os.pipe()
    filled = fill(writing)
    stream = os.fdopen(writing, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    yield reading, filled
    os.close(reading)
    stream.close()


@pytest.mark.skipif(os.name == "nt", reason="pipes block otherwise on Windows")
def test_a_reader_that_stops_reading_stops_nobody_and_what_is_lost_is_counted(monkeypatch):
    monkeypatch.setattr(stats_log, "MOST_RECORDS", 5)
    (annotated,) = annotated_frames_of([picture()])
    with stopped_reader(monkeypatch), StatsLog("-", grid=False, force=False) as log:
        log.show(annotated)
        eventually(log._writer._queue.empty)  # it hangs in the first record
        for _ in range(5):
            assert not log.is_full()
            log.show(annotated)
        assert log.is_full()
        log.show(annotated)
        assert log.dropped() == 1
        log.__exit__(None, None, None)
        assert log.dropped() == 7


@pytest.mark.skipif(os.name == "nt", reason="pipes block otherwise on Windows")
def test_a_reader_that_goes_on_reading_gets_every_record(monkeypatch):
    given = annotated_frames_of([picture()] * 400)
    with (
        stopped_reader(monkeypatch) as (reading, filled),
        StatsLog("-", grid=True, force=False) as log,
    ):
        for annotated in given:
            log.show(annotated)
        assert not log.is_idle()
        reader = os.fdopen(os.dup(reading), encoding="utf-8")
        reader.read(filled)
        found = [json.loads(reader.readline())["frame"] for _ in given]
        eventually(log.is_idle)
        reader.close()
    assert found == list(range(400))
    assert log.dropped() == 0


def test_a_closed_pipe_is_a_consumer_gone_error(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    pipe = os.fdopen(writing, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", pipe)
    with pytest.raises(ConsumerGoneError), StatsLog("-", grid=False, force=False) as log:
        log.show(annotated_frames_of([picture()])[0])
    with suppress(BrokenPipeError):
        pipe.close()


PIPED = """
import itertools, os, sys
from annotated_frames import annotated_frame_of
from support import picture
from livecam.errors import ConsumerGoneError
from livecam.sinks.stats_log import StatsLog
from livecam.core.annotated_frame import Rates

try:
    with StatsLog("-", grid=True, force=False) as log:
        for number in itertools.count():
            log.show(annotated_frame_of(picture(), number, number / 30))
except ConsumerGoneError:
    os._exit(42)
"""


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise on Windows")
def test_a_reader_that_takes_three_lines_and_goes_ends_the_run():
    roots = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    env = program_env({"PYTHONPATH": ":".join(roots)})
    with subprocess.Popen(
        [sys.executable, "-c", PIPED], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        taken = [json.loads(program.stdout.readline())["frame"] for _ in range(3)]
        program.stdout.close()
        assert program.wait(60) == 42
    assert taken == [0, 1, 2]
