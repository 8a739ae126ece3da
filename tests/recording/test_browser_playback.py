"""What a browser makes of a recording: the second opinion of the people who will watch it."""

import shutil
import signal

import numpy as np
import pytest
from contract.annotated_frames import annotated_frames_of
from recording.browser import played
from recording.camera_process import killed_camera
from recording.reading import times_kept

from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.options import Plan
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.remux import repair

PATCHES = [
    (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255),
    (255, 255, 0), (0, 255, 255), (255, 0, 255), (40, 90, 200), (200, 90, 40), (16, 235, 128),
]  # fmt: skip


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "profile"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def patchwork(side=96):
    picture = np.zeros((3 * side, 4 * side, 3), np.uint8)
    places = []
    for number, rgb in enumerate(PATCHES):
        top, left = number // 4 * side, number % 4 * side
        picture[top : top + side, left : left + side] = rgb[::-1]
        places.append((left + side // 2, top + side // 2))
    return picture, places


@pytest.mark.parametrize("side", [96, 250])  # below and above what players call high definition
def test_a_finished_recording_plays_with_its_duration_size_and_colours(side, tmp_path, profile):
    picture, places = patchwork(side)
    path = tmp_path / "r.mp4"
    times_s = list(np.cumsum([0, *np.random.default_rng(2).uniform(0.02, 0.09, 39)]))
    with Recorder(Plan(path, tmp_path, Wish(live=False)), notify=lambda _: None) as sink:
        for annotated in annotated_frames_of([picture] * 40, times_s):
            sink.show(annotated)
    seen = played(path, profile, places)
    assert "error" not in seen, seen
    assert (seen["width"], seen["height"]) == (4 * side, 3 * side)
    assert seen["duration"] == pytest.approx(times_s[-1] * 2 - times_s[-2], abs=0.02)
    assert seen["seekable"] == pytest.approx(seen["duration"], abs=0.02)
    assert seen["ended"] == pytest.approx(seen["duration"], abs=0.05)
    assert np.abs(np.array(seen["patches"]) - PATCHES).max() <= 4, seen["patches"]


def test_a_killed_recording_plays_and_its_repair_is_an_ordinary_one(tmp_path, profile):
    path = tmp_path / "r.mp4"
    killed_camera(path, after_s=2.0, number=signal.SIGKILL)
    seen = played(path, profile)
    assert "error" not in seen, seen
    assert seen["ended"] > times_kept(path)[-1] - 0.05 > 0.5
    done = repair(path)
    again = played(done.path, profile)
    assert again["duration"] == pytest.approx(done.duration_s, abs=0.02)
    assert again["seekable"] == pytest.approx(again["duration"], abs=0.02)
    assert (again["width"], again["height"]) == (160, 120)
