"""A recording that is killed at any moment can be opened, and misses at most its last second."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from recording.camera_process import killed_camera, opencv_frames
from recording.reading import times_kept
from support import livecam, probe, program_env, rest_of, textured, write_clip

import av
from livecam.sinks.recording.remux import make_ordinary, repair
from livecam.errors import SettingsError, SourceError

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
    kept_s = times_kept(path)
    assert len(kept_s) >= max(1, killed.due)
    assert opencv_frames(path) == len(kept_s)
    tick_s = 0.001 if suffix == ".mkv" else 1 / 90_000
    expected_s = rising(killed.frames_s[: len(kept_s)], tick_s)
    np.testing.assert_allclose(kept_s, expected_s, atol=0.002)
    missing_s = killed.died_s - kept_s[-1]
    print(f"{suffix} {rate:.0f} fps: missing {missing_s:.2f} s")  # noqa: T201  (pytest -rP)


@needs_signals
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_repaired_file_has_every_frame_and_an_index_in_front(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    killed = killed_camera(path, after_s=2.0, number=signal.SIGKILL)
    before, kept_s = path.read_bytes(), times_kept(path)
    run = livecam("repair", path, cwd=tmp_path)
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
    if suffix == ".mp4":
        data = repaired.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")
        assert b"moof" not in data


def test_repair_leaves_no_file_behind_where_nothing_can_be_had(tmp_path):
    for name, content in [("text.mp4", b"hello"), ("empty.mkv", b"")]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match=name):
            repair(tmp_path / name)
    with pytest.raises(SourceError, match="does not exist"):
        repair(tmp_path / "none.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.mkv", "text.mp4"]


def test_repair_overwrites_nothing_unasked(tmp_path):
    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    (tmp_path / "a_repaired.mp4").write_text("dear to me")
    with pytest.raises(SettingsError, match="exists already"):
        repair(clip)
    assert (tmp_path / "a_repaired.mp4").read_text() == "dear to me"
    with pytest.raises(SettingsError, match="over itself"):
        repair(clip, clip, force=True)
    assert repair(clip, force=True).frames == 5


@needs_signals
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGHUP", "Ctrl-C"],
)
def test_a_polite_signal_leaves_an_ordinary_file_with_every_frame(number, code, tmp_path):
    flags = ["--model", "flowers", "--no-window", "--scene-size", "320x240"]
    program = subprocess.Popen(
        [sys.executable, "-m", "livecam", "daisy", *flags, "--stats", "-", "--record", "r.mp4"],
        cwd=tmp_path, env=program_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    first = [program.stdout.readline() for _ in range(30)]
    program.send_signal(number)
    rest, talk = rest_of(program)
    assert program.returncode == code, talk.decode()
    assert b"Traceback" not in talk
    given = [json.loads(line)["time_s"] for line in [*first, *rest.splitlines()]]
    np.testing.assert_allclose(probe(tmp_path / "r.mp4").times_s, given, atol=0.001)
    data = (tmp_path / "r.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_crash_while_the_file_is_made_ordinary_leaves_it_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "r.mp4"
    write_clip(path, [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    before = path.read_bytes()

    def crash(self, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pathlib.Path.replace", crash)
    assert not make_ordinary(path, 5, {"title": "x"})
    monkeypatch.undo()
    assert not make_ordinary(path, 6, {"title": "x"})  # a frame would be lost
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert make_ordinary(path, 5, {"title": "x"})
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
    assert int(done.stdout) == len(times_kept(path))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["."], ". is a folder"),
        ([""], ". is a folder"),
        (["a.webm"], "repair a.webm: the name must end"),
        (["a.mp4", "--output", "x.txt"], "--output x.txt: the name must end"),
    ],
)
def test_what_cannot_be_repaired_is_refused_in_one_line(words, told, tmp_path):
    done = livecam("repair", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
