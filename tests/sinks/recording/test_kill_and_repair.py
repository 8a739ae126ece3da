"""Killed recordings can be opened and miss at most their last second; `livecam repair`."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from sinks.recording.processes import killed_camera, run_script
from sinks.recording.recordings import opencv_frames, readable_times_s
from made_clips import long_clip
from programs import rest_of, started
from support import livecam, livecam_here, probe, program_env, textured, write_clip

import av
from livecam.sinks.recording.remux import is_whole_file, remux_in_place, repair
from livecam.errors import SettingsError, SourceError
from livecam.sources.clip import Clip

KILLS = int(os.environ.get("LIVECAM_KILLS", "8"))  # the README's figures are of 50
MOMENTS_S = np.random.default_rng(11).uniform(0.0, 3.0, KILLS)


def rising(times_s, step_s):
    """The times, each at least a step after the one before: a busy machine gives bursts."""
    risen = []
    for at_s in times_s:
        risen.append(max(at_s, risen[-1] + step_s) if risen else at_s)
    return risen


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@needs_signals
@pytest.mark.parametrize("which", range(KILLS))
def test_a_killed_recording_opens_everywhere_and_misses_at_most_a_second(which, tmp_path):
    suffix, rate = [(".mp4", 30.0), (".mkv", 30.0), (".mp4", 7.0), (".mkv", 7.0)][which % 4]
    path = tmp_path / f"r{suffix}"
    after_s = float(MOMENTS_S[which]) / (3 if which < KILLS // 2 else 1)  # many soon after it began
    killed = killed_camera(
        path, after_s=after_s, number=signal.SIGKILL, rate=rate, once_there=False
    )
    if not path.exists():
        assert not killed.due
        return
    kept_s = readable_times_s(path)
    assert len(kept_s) >= max(1, killed.due)
    assert opencv_frames(path) == len(kept_s)
    tick_s = 0.001 if suffix == ".mkv" else 1 / 90_000
    expected_s = rising(killed.frames_s[: len(kept_s)], tick_s)
    np.testing.assert_allclose(kept_s, expected_s, atol=0.002)
    with Clip(path) as clip:
        assert clip.frame_count == len(kept_s)
    missing_s = killed.died_s - kept_s[-1]
    print(f"{suffix} {rate:.0f} fps: missing {missing_s:.2f} s")  # noqa: T201  (pytest -rP)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_of_a_whole_file_no_copy_is_made_unless_it_is_asked_for(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    flags = ["--model", "flowers", "--no-window", "--scene-size", "160x120", "--frames", 9]
    assert livecam_here("daisy", *flags, "--record", path, cwd=tmp_path).returncode == 0
    run = livecam_here("repair", path, cwd=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (0, 1), run.stderr
    assert f"{path} is whole: nothing to repair" in run.stderr
    assert list(tmp_path.iterdir()) == [path]
    whole = path.read_bytes()
    for cut in (1, len(whole) // 3):  # what is cut off is no longer whole
        path.write_bytes(whole[:-cut])
        assert not is_whole_file(path)
    path.write_bytes(whole)
    run = livecam_here("repair", path, "--output", tmp_path / f"copy{suffix}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert probe(tmp_path / f"copy{suffix}").frames == 9


def test_a_recording_whose_index_is_at_the_end_is_whole_too(tmp_path):
    path = tmp_path / "r.mp4"
    write_clip(path, [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    assert path.read_bytes().index(b"moov") > path.read_bytes().index(b"mdat")
    assert is_whole_file(path)


@needs_signals
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_repaired_file_has_every_frame_and_an_index_in_front(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    killed = killed_camera(path, after_s=2.0, number=signal.SIGKILL)
    before, kept_s = path.read_bytes(), readable_times_s(path)
    assert not is_whole_file(path)
    run = livecam_here("repair", path, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    repaired = tmp_path / f"r_repaired{suffix}"
    assert f"repaired into {repaired} ({len(kept_s)} frames" in run.stderr
    assert path.read_bytes() == before
    seen = probe(repaired)
    np.testing.assert_allclose(seen.times_s, kept_s, atol=0.0015)
    # A picture lasts until the next one came.
    assert 0.0 < seen.duration_s - kept_s[-1] < np.diff(killed.frames_s).max() + 0.05
    with av.open(str(repaired)) as container:
        stream = container.streams.video[0]
        container.seek(int(1.0 / stream.time_base), stream=stream)
        assert 0.0 <= next(container.decode(stream)).time <= 1.0
    with Clip(repaired) as clip:
        given = (len(kept_s) - 1) / (kept_s[-1] - kept_s[0])  # a busy machine gives fewer than 30
        assert clip.rate == pytest.approx(given, rel=0.3)
    if suffix == ".mp4":
        data = repaired.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")
        assert b"moof" not in data


def test_repair_leaves_no_file_behind_where_nothing_can_be_read(tmp_path):
    for name, content in [("text.mp4", b"hello"), ("empty.mkv", b"")]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match=name):
            repair(tmp_path / name)
    with pytest.raises(SourceError, match="does not exist"):
        repair(tmp_path / "none.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.mkv", "text.mp4"]


def test_repair_overwrites_nothing_unasked(tmp_path):
    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    (tmp_path / "a_repaired.mp4").write_text("precious")
    with pytest.raises(SettingsError, match="exists already"):
        repair(clip)
    assert (tmp_path / "a_repaired.mp4").read_text() == "precious"
    with pytest.raises(SettingsError, match="over itself"):
        repair(clip, clip, force=True)
    assert repair(clip, force=True).frames == 5


@needs_signals
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGHUP", "Ctrl-C"],
)
def test_a_signal_that_can_be_handled_leaves_a_finished_file_with_every_frame(
    number, code, tmp_path
):
    clip = long_clip(tmp_path / "clip.mp4")  # it waits until its figures are read
    flags = ["--model", "flowers", "--no-window", "--stats", "-"]
    command = [sys.executable, "-m", "livecam", clip, *flags]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(
        [*command, "--record", "r.mp4"], cwd=tmp_path, env=program_env(), **pipes
    ) as program:
        first = [program.stdout.readline() for _ in range(30)]
        program.send_signal(number)
        rest, talk = rest_of(program)
    assert program.returncode == code, talk.decode()
    assert b"Traceback" not in talk
    given = [json.loads(line)["time_s"] for line in [*first, *rest.splitlines()]]
    np.testing.assert_allclose(probe(tmp_path / "r.mp4").times_s, given, atol=0.001)
    data = (tmp_path / "r.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_crash_while_a_file_is_remuxed_leaves_it_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "r.mp4"
    write_clip(path, [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    before = path.read_bytes()

    def crash(self, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pathlib.Path.replace", crash)
    assert not remux_in_place(path, 5, {"title": "x"})
    monkeypatch.undo()
    assert not remux_in_place(path, 6, {"title": "x"})  # a frame would be lost
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert remux_in_place(path, 5, {"title": "x"})
    assert probe(path).frames == 5


def test_ffprobe_reads_a_killed_file_too(tmp_path):
    if shutil.which("ffprobe") is None:
        pytest.skip("the ffprobe program is missing: it is another opinion here")
    path = tmp_path / "r.mp4"
    killed_camera(path, after_s=1.5, number=signal.SIGKILL)
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(path)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert int(done.stdout) == len(readable_times_s(path))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["."], ". is a folder"),
        ([""], ". is a folder"),
        (["a.webm"], "repair a.webm: the name must end"),
        (["a.mp4", "--output", "x.txt"], "--output x.txt: the name must end"),
    ],
)
def test_what_cannot_be_repaired_is_refused_in_one_line(words, message, tmp_path):
    done = livecam_here("repair", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_zeros_that_a_power_cut_left_are_neither_read_nor_taken_for_pictures(suffix, tmp_path):
    """Their 20 GB take no space, as where a file system knew the size and not the data."""
    path = tmp_path / f"cut, 50%{suffix}"
    done = run_script(KILLED_CLIP, path, 240)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with path.open("r+b") as file:
        half = path.stat().st_size * 5 // 9
        file.truncate(half)
        file.truncate(half + 20 * 10**9)
    done = livecam_here("repair", path.name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    repaired = path.with_stem(f"{path.stem}_repaired")
    frames = len(readable_times_s(repaired))
    assert 60 < frames < 240
    assert f"({frames} frames" in done.stderr
    assert repaired.stat().st_size < half * 1.1


@needs_signals
def test_repair_goes_on_behind_a_damaged_size(tmp_path):
    path = tmp_path / "r.mp4"
    assert run_script(KILLED_CLIP, path, 240).returncode == -9
    whole, frames = path.read_bytes(), len(readable_times_s(path))
    head = whole.index(b"moof", 20_000) - 4
    data = whole.index(b"mdat", head) - 4
    for at in (head, data):
        size = int.from_bytes(whole[at : at + 4], "big")
        for damaged in (0, 3, 8, size - 5, size + 1, 1000 * size):
            path.write_bytes(whole[:at] + damaged.to_bytes(4, "big") + whole[at + 4 :])
            assert repair(path, force=True).frames == frames, (at, damaged)
    path.write_bytes(whole[: head + 4] + b"meef" + whole[head + 8 :])  # no fragment any more
    assert repair(path, force=True).frames > frames - 30


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
def test_repair_waits_for_no_named_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    done = livecam("repair", "pipe.mp4", cwd=tmp_path, timeout_s=120)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "pipe.mp4 is no ordinary file: give the recording itself." in done.stderr
    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    done = livecam("repair", clip, "--output", "pipe.mp4", "--force", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "pipe.mp4 is no ordinary file: give another name." in done.stderr
    assert (tmp_path / "pipe.mp4").is_fifo()


@pytest.mark.skipif(os.name == "nt", reason="names of other lengths")
def test_repair_of_a_name_that_is_too_long_is_one_line(tmp_path):
    done = livecam_here("repair", "a" * 252 + ".mp4", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "cannot be read (file name too long): check the name." in done.stderr


KILLED_CLIP = """
import os, signal, sys
from pathlib import Path
from support import textured
from annotated_frames import annotated_frame_of
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder

path, count = Path(sys.argv[1]), int(sys.argv[2])
with Recorder(RecordingOptions(path, path.parent, EncoderRequest(live=False))) as recorder:
    pictures = [textured(160, 120, seed) for seed in range(9)]
    for number in range(count):
        recorder.show(annotated_frame_of(pictures[number % 9], number, number / 30))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@needs_signals
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_killed_recording_of_a_clip_misses_at_most_two_seconds(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    assert run_script(KILLED_CLIP, path, 240).returncode == -9
    kept_s = readable_times_s(path)
    assert 240 - 2 * 30 <= len(kept_s) <= 240
    assert kept_s == pytest.approx([n / 30 for n in range(len(kept_s))], abs=0.001)
