"""A file that may grow no further (ulimit -f, 4 GB on FAT32): the recording goes on in the next."""

import json
import subprocess
import sys

import pytest
from sinks.recording.processes import run_script
from sinks.recording.recordings import numbers_of
from sinks.recording.test_sound import clip_with_sound, sound_of
from support import livecam_here, probe, program_env, records

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")

FLOWERS = ["--model", "flowers", "--no-window"]
LIMIT_BYTES = 1_500_000

FILLING = """
import json, resource, sys
from pathlib import Path
from annotated_frames import annotated_frame_of
from sinks.recording.recordings import numbered_noise
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder

path, limit, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
found = {"notes": [], "saved": []}
beside = {"clean": True, "stats": True} if "beside" in sys.argv else {}
options = RecordingOptions(path, path.parent, EncoderRequest(live=False), **beside)
events = RecordingEvents(found["notes"].append, lambda path: found["saved"].append(path.name))
try:
    with Recorder(options, events) as recorder:
        for number in range(count):
            picture = numbered_noise(number)
            recorder.show(annotated_frame_of(picture, number, number / 30))
except SinkError as error:
    found["error"] = str(error)
print(json.dumps(found))
"""


def filled(path, limit_bytes, count, *words):
    done = run_script(FILLING, path, limit_bytes, count, *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pieces(path, ending=""):
    """The files of a recording in their order."""
    names = [path.stem, *(f"{path.stem}_{number}" for number in range(2, 99))]
    paths = [path.with_name(f"{name}{ending}{path.suffix}") for name in names]
    return [each for each in paths if each.exists()]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_every_frame_is_in_exactly_one_file_its_twin_and_figures_too(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    found = filled(path, LIMIT_BYTES, 300, "beside")
    assert "error" not in found
    parts = pieces(path)
    assert len(parts) >= 3
    assert [number for part in parts for number in numbers_of(part)] == list(range(300))
    for part, twin in zip(parts, pieces(path, "_clean"), strict=True):
        numbers = numbers_of(part)
        assert numbers_of(twin) == numbers
        lines = records(part.with_suffix(".jsonl").read_text())
        assert [line["max"] - 6 for line in lines] == numbers
        assert [line["frame"] for line in lines] == list(range(len(numbers)))
        assert probe(part).times_s == pytest.approx([line["time_s"] for line in lines], abs=0.001)
    told = [note for note in found["notes"] if "largest size" in note]
    assert len(told) == len(parts) - 1
    assert f"{path.name} has reached the largest size of a file there (1." in told[0]
    assert f"the recording goes on in {parts[1].name}" in told[0]
    assert len(found["saved"]) == 2 * len(parts)


def test_files_that_others_follow_are_finished_like_the_last_one(tmp_path):
    path = tmp_path / "r.mp4"
    found = filled(path, LIMIT_BYTES, 200)
    for part in pieces(path):
        data = part.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")
        assert f"recorded {part} ({probe(part).frames} frames, " in " ".join(found["notes"])


@pytest.mark.parametrize("missing_bytes", [100, 20_000])
def test_a_limit_at_the_last_moment_loses_nothing_either(missing_bytes, tmp_path):
    """The index and the last fragment are written when the recording ends."""
    whole = tmp_path / "whole.mp4"
    filled(whole, 10**9, 20)
    path = tmp_path / "r.mp4"
    found = filled(path, whole.stat().st_size - missing_bytes, 20)
    assert "error" not in found
    assert [number for part in pieces(path) for number in numbers_of(part)] == list(range(20))


def test_an_existing_file_of_the_next_name_stays(tmp_path):
    (tmp_path / "r_2.mp4").write_text("mine")
    filled(tmp_path / "r.mp4", LIMIT_BYTES, 150)
    assert (tmp_path / "r_2.mp4").read_text() == "mine"
    assert numbers_of(tmp_path / "r_3.mp4")[-1] == 149


def test_a_limit_that_holds_no_second_is_an_error_and_no_endless_row_of_files(tmp_path):
    found = filled(tmp_path / "r.mp4", 30_000, 100)
    assert "r.mp4" in found["error"]
    assert "file too large" in found["error"]
    assert len(list(tmp_path.iterdir())) <= 2


def test_the_sound_of_a_clip_goes_on_with_its_pictures(tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=6.0)
    words = [sys.executable, "-m", "livecam", clip, *FLOWERS, "--record", "r.mp4"]
    whole = livecam_here(clip, *FLOWERS, "--record", "whole.mp4", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    limit_kib = (tmp_path / "whole.mp4").stat().st_size // 1024 * 6 // 10
    run = subprocess.run(
        ["bash", "-c", f'ulimit -f {limit_kib} && "$@"', "bash", *map(str, words)],
        cwd=tmp_path, env=program_env(), capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "the recording goes on in r_2.mp4" in run.stderr
    parts = pieces(tmp_path / "r.mp4")
    assert sum(probe(part).frames for part in parts) == 180
    for part in parts:
        _, begin_s, end_s = sound_of(part)
        assert begin_s == pytest.approx(0.0, abs=0.05)
        assert end_s == pytest.approx(probe(part).duration_s, abs=0.06)
    total_s = sum(sound_of(part)[2] for part in parts)
    assert total_s == pytest.approx(6.0, abs=0.1)
