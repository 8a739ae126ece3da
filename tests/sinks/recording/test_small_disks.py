"""The whole program on disks that are really full, too small or read-only."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from sinks.recording.processes import run_script
from sinks.recording.recordings import (
    readable_times_s,
)
from small_disk import mounted_disk, needs_root
from support import livecam_here, program_env, write_clip


FLOWERS = ["--model", "flowers", "--no-window"]


@pytest.fixture
def small_disk(tmp_path):
    with mounted_disk(tmp_path / "stick", "1m") as folder:
        yield folder


@pytest.fixture(scope="module")
def noisy_clip(tmp_path_factory):
    """Three seconds that do not compress."""
    noise = np.random.default_rng(1).integers(0, 256, (20, 240, 320, 3), np.uint8)
    path = tmp_path_factory.mktemp("clip") / "noise.mp4"
    pictures = [noise[number % 20] for number in range(90)]
    return write_clip(path, pictures, [number / 30 for number in range(90)])


@needs_root
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_really_full_disk_ends_with_exit_code_5_and_a_readable_file(
    suffix, small_disk, noisy_clip, tmp_path
):
    path = small_disk / f"r{suffix}"
    flags = [*FLOWERS, "--record", path, "--disk-reserve", 0]
    run = livecam_here(noisy_clip, *flags, cwd=tmp_path)
    assert run.returncode == 5, run.stderr
    assert "Traceback" not in run.stderr
    found = re.search(r"broke off at (\d+\.\d) s .no space left", run.stderr)
    kept_s = readable_times_s(path)
    assert kept_s[-1] + 1 / 30 >= float(found[1]) - 0.06
    assert len(kept_s) > 5


@needs_root
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("split", [[], ["--split", "1s"]])
def test_a_full_disk_leaves_no_empty_file_and_no_figures_of_lost_frames(
    suffix, split, small_disk, noisy_clip, tmp_path
):
    beside = ["--record-clean", "--record-stats", "--quality", "small"]
    flags = [*FLOWERS, "--record", small_disk / f"r{suffix}", "--disk-reserve", 0]
    run = livecam_here(noisy_clip, *flags, *beside, *split, cwd=tmp_path)
    assert run.returncode == 5, run.stderr
    assert "Traceback" not in run.stderr
    videos = sorted(small_disk.glob(f"*{suffix}"))
    assert videos
    assert sorted(small_disk.glob("*.jsonl")) == [
        path.with_suffix(".jsonl") for path in videos if not path.stem.endswith("_clean")
    ]
    for path in videos:
        frames = len(readable_times_s(path))
        assert frames > 0, path
        if not path.stem.endswith("_clean"):
            lines = path.with_suffix(".jsonl").read_text().splitlines()
            assert 0 < len(lines) <= frames
            assert all(json.loads(line) for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_recording_that_could_not_begin_leaves_nothing(suffix, noisy_clip, tmp_path):
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n"
        "from livecam.__main__ import main\n"
        "sys.exit(main())\n"
    )
    folder = tmp_path / "out"
    folder.mkdir()
    flags = [*FLOWERS, "--record", folder / f"r{suffix}", "--record-clean", "--record-stats"]
    command = [sys.executable, "-c", limited, noisy_clip, *flags]
    run = subprocess.run(
        [*map(str, command)], cwd=tmp_path, env=program_env(), capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 5, run.stderr
    assert "did not open (file too large)" in run.stderr
    assert list(folder.iterdir()) == []


@needs_root
def test_a_small_disk_is_refused_before_anything_is_done(small_disk, noisy_clip, tmp_path):
    run = livecam_here(noisy_clip, *FLOWERS, "--record", small_disk / "r.mp4", cwd=tmp_path)
    assert run.returncode == 5
    assert "less than 200 MB are free" in run.stderr
    assert list(small_disk.iterdir()) == []


@needs_root
def test_a_read_only_folder_is_exit_code_5_and_one_line(small_disk, noisy_clip, tmp_path):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True, timeout=30)
    flags = [*FLOWERS, "--record", small_disk / "r.mp4", "--disk-reserve", 0]
    run = livecam_here(noisy_clip, *flags, cwd=tmp_path)
    assert run.returncode == 5, run.stderr
    assert "did not open (read-only file system)" in run.stderr
    assert "Traceback" not in run.stderr


FILLING = """
import json, os, sys
from pathlib import Path
import cv2
import numpy as np
from annotated_frames import annotated_frame_of
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.written_file import WrittenFile

path, limit, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
write = WrittenFile._write_at
def write_on_a_small_disk(self, file, offset, data):
    if offset + len(data) > limit:
        raise OSError(28, os.strerror(28))
    write(self, file, offset, data)
WrittenFile._write_at = write_on_a_small_disk
noise = np.random.default_rng(1).integers(0, 256, (count, 120, 160, 3), np.uint8)
found = {"notes": []}
try:
    options = RecordingOptions(path, path.parent, EncoderRequest(live=False))
    with Recorder(options, RecordingEvents(notify=found["notes"].append)) as recorder:
        for number in range(count):
            found["reached_s"] = number / 30
            recorder.show(annotated_frame_of(noise[number], number, number / 30))
except SinkError as error:
    found["error"] = str(error)
print(json.dumps(found))
"""


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_disk_that_fills_up_is_an_error_that_names_the_second_and_keeps_all_before_it(
    suffix, tmp_path
):
    path = tmp_path / f"r{suffix}"
    done = run_script(FILLING, path, 1_500_000, 200)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["notes"] == []
    at_s = float(re.search(r"broke off at (\d+\.\d) s .no space left on device", found["error"])[1])
    assert at_s <= found["reached_s"]
    assert at_s > 1.5
    kept_s = readable_times_s(path)
    assert len(kept_s) / 30 == pytest.approx(at_s, abs=0.06)
    assert kept_s == pytest.approx([n / 30 for n in range(len(kept_s))], abs=0.001)


def test_a_disk_that_is_full_at_the_last_moment_is_an_error_too(tmp_path):
    whole = tmp_path / "whole.mp4"
    assert run_script(FILLING, whole, 100_000_000, 20).returncode == 0
    done = run_script(FILLING, tmp_path / "r.mp4", whole.stat().st_size - 20_000, 20)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert re.search(r"broke off at 0\.[3-6] s", found["error"])
    assert found["notes"] == []
