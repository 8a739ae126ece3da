"""Recordings played by a browser: duration, size, seeking and colours."""

import shutil
import signal

import numpy as np
import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.browser import played
from sinks.recording.processes import killed_camera
from sinks.recording.recordings import COLOURS, colour_patches, readable_times_s, record

from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.remux import repair


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "profile"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("side", [96, 250])  # below and above what players call high definition
def test_a_finished_recording_plays_with_its_duration_size_and_colours(side, tmp_path, profile):
    patches, corners = colour_patches(side)
    centres = [(x + side // 2, y + side // 2) for x, y in corners]
    path = tmp_path / "r.mp4"
    times_s = list(np.cumsum([0, *np.random.default_rng(2).uniform(0.02, 0.09, 39)]))
    options = RecordingOptions(path, tmp_path, EncoderRequest(live=False))
    record(options, annotated_frames_of([patches] * 40, times_s))
    seen = played(path, profile, centres)
    assert "error" not in seen, seen
    assert (seen["width"], seen["height"]) == (4 * side, 3 * side)
    assert seen["duration"] == pytest.approx(times_s[-1] * 2 - times_s[-2], abs=0.02)
    assert seen["seekable"] == pytest.approx(seen["duration"], abs=0.02)
    assert seen["ended"] == pytest.approx(seen["duration"], abs=0.05)
    assert np.abs(np.array(seen["patches"])[:, ::-1] - COLOURS).max() <= 4, seen["patches"]


def test_a_killed_recording_plays_and_its_repaired_file_is_seekable(tmp_path, profile):
    path = tmp_path / "r.mp4"
    killed_camera(path, after_s=2.0, number=signal.SIGKILL)
    seen = played(path, profile)
    assert "error" not in seen, seen
    assert seen["ended"] > readable_times_s(path)[-1] - 0.05 > 0.5
    done = repair(path)
    again = played(done.path, profile)
    assert again["duration"] == pytest.approx(done.duration_s, abs=0.02)
    assert again["seekable"] == pytest.approx(again["duration"], abs=0.02)
    assert (again["width"], again["height"]) == (160, 120)
