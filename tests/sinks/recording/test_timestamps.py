"""Time stamps: recordings play in real time, whatever the camera and its clock do."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from hypothesis import given
from hypothesis import strategies as st
from sinks.recording.recordings import record
from support import probe, textured

from livecam.core.annotated_frame import RunStatus
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.timestamps import Timeline

TIME_BASE = Fraction(1, 90_000)
PICTURES = [textured(64, 48, seed) for seed in range(7)]
STEADY = [7.0, 15.0, 29.97, 60.0, 120.0]


def record_times(path, times_s, *, rate=None, pauses=None, **more):
    """Record frames at these times, each after so many pauses, and read the file back."""
    request, pauses = EncoderRequest(rate=rate, live=False), pauses or [0] * len(times_s)
    frames = [
        annotated_frame_of(PICTURES[number % 7], number, time_s)
        for number, time_s in enumerate(times_s)
    ]
    record(
        RecordingOptions(path, path.parent, request, **more),
        [
            replace(annotated, status=RunStatus(pauses=count))
            for annotated, count in zip(frames, pauses, strict=True)
        ],
    )
    return probe(path)


def jittering(seconds):
    """Times of 5 to 30 frames a second, as of a webcam in a dark room."""
    steps = np.random.default_rng(5).uniform(1 / 30, 1 / 5, 400)
    times = np.concatenate([[0.0], np.cumsum(steps)])
    return [float(time_s) for time_s in times if time_s < seconds]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("camera", [*STEADY, "jittering"])
def test_ten_seconds_of_a_camera_last_ten_seconds(camera, suffix, tmp_path):
    times_s = jittering(10.0) if camera == "jittering" else list(np.arange(0, 10.0, 1 / camera))
    times_s = [3.25 + float(time_s) for time_s in times_s]  # a camera's time may begin anywhere
    real_s = 2 * times_s[-1] - times_s[-2] - times_s[0]
    seen = record_times(tmp_path / f"r{suffix}", times_s, rate=30.0)
    assert seen.frames == len(times_s)
    error_s = np.abs(np.array(seen.times_s) - (np.array(times_s) - times_s[0])).max()
    off_ms = 1000 * (seen.duration_s - real_s)
    print(f"{camera} {suffix}: {off_ms:+.2f} ms, a frame {1000 * error_s:.2f} ms")  # noqa: T201
    assert abs(seen.duration_s - real_s) < 0.1
    assert all(earlier < later for earlier, later in pairwise(seen.times_s))
    assert error_s < 0.020


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=60), st.booleans())
def test_time_stamps_rise_strictly_whatever_the_clock_says(times_s, cut):
    timeline = Timeline(TIME_BASE, rate=30.0, cut_pauses=cut)
    placed = [timeline.add_frame(time_s, pauses=(n + 1) // 5) for n, time_s in enumerate(times_s)]
    stamps = [pts for pts, _ in placed]
    assert stamps[0] == 0
    assert all(earlier < later for earlier, later in pairwise(stamps))
    assert all(duration >= 1 for _, duration in placed)


def test_a_clock_that_is_set_back_is_a_cut(tmp_path):
    before = [i / 30 for i in range(30)]
    after = [time_s - 3600 for time_s in before]
    seen = record_times(tmp_path / "r.mp4", [*before, *after])
    assert seen.duration_s == pytest.approx(2.0, abs=0.01)


def test_a_frame_out_of_order_is_recorded_and_later_times_are_right(tmp_path):
    seen = record_times(tmp_path / "r.mkv", [0.0, 0.1, 0.2, 0.15, 0.3, 0.4])
    assert seen.times_s[:3] + seen.times_s[4:] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4], abs=1e-3)
    assert 0.2 < seen.times_s[3] < 0.21


@pytest.mark.parametrize(("cut", "lasts_s"), [(True, 2.0), (False, 7.0)])
def test_a_pause_is_a_cut_or_a_frozen_frame_as_the_user_chose(cut, lasts_s, tmp_path):
    times_s = [*(i / 30 for i in range(30)), *(6.0 + i / 30 for i in range(30))]
    pauses = [0] * 30 + [1] * 30
    seen = record_times(tmp_path / "r.mp4", times_s, pauses=pauses, cut_pauses=cut)
    assert seen.duration_s == pytest.approx(lasts_s, abs=0.01)
    assert seen.frames == 60


def test_a_gap_without_a_pause_is_never_cut(tmp_path):
    seen = record_times(tmp_path / "r.mp4", [0.0, 0.1, 5.0, 5.1], cut_pauses=True)
    assert seen.times_s == pytest.approx([0.0, 0.1, 5.0, 5.1], abs=1e-3)
