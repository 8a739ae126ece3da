"""Time stamps: recordings play in real time, whatever the camera and its clock do."""

import json
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
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.session import RecordingSession
from livecam.sinks.recording.timestamps import MAX_STEP_S, Timeline

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


SECOND = [i / 30 for i in range(30)]


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


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("after", [1, 2, 30])
def test_the_length_of_a_gap_is_in_the_duration_once(after, suffix, tmp_path):
    times_s = [*SECOND, *(100 + i / 30 for i in range(after))]
    seen = record_times(tmp_path / f"r{suffix}", times_s, rate=30.0)
    assert seen.frames == 30 + after
    assert seen.duration_s == pytest.approx(100 + after / 30, abs=0.01)


def test_two_gaps_of_a_slow_source_are_its_rate(tmp_path):
    seen = record_times(tmp_path / "r.mp4", [*SECOND, 11.0, 21.0, 31.0], rate=30.0)
    assert seen.duration_s == pytest.approx(41.0, abs=0.01)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("gap_s", [8 * 3600, 14 * 24 * 3600], ids=["a night", "a fortnight"])
def test_after_a_gap_of_hours_the_recording_goes_on(gap_s, suffix, tmp_path):
    """In units of 1/90,000 s a step of 6.6 hours has 32 bits; FFmpeg's MP4 muxer takes 31."""
    path = tmp_path / f"r{suffix}"
    times_s = [*SECOND, *(gap_s + at_s for at_s in SECOND)]
    seen = record_times(path, times_s, rate=30.0, clean=True, stats=True)
    assert [*seen.times_s[:30], *seen.times_s[-30:]] == pytest.approx(times_s, abs=0.002)
    assert seen.duration_s == pytest.approx(gap_s + 1.0, abs=0.01)
    assert np.diff(seen.times_s).max() < MAX_STEP_S + 0.01
    assert seen.frames == 60 + int((gap_s - SECOND[-1]) / MAX_STEP_S)
    assert probe(tmp_path / f"r_clean{suffix}").times_s == seen.times_s
    figures = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [row["time_s"] for row in figures] == pytest.approx(seen.times_s, abs=0.002)
    last_before = figures[29]["max"]
    assert {row["max"] for row in figures[29:-30]} == {last_before}  # the picture that stayed


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_last_picture_may_stay_for_hours(suffix, tmp_path):
    path, options = tmp_path / f"r{suffix}", {"live": False, "rate": 30.0}
    frames = [annotated_frame_of(PICTURES[n], n, float(n)) for n in range(3)]
    long = replace(frames[2], frame=replace(frames[2].frame, duration_s=10 * 3600.0))
    record(RecordingOptions(path, tmp_path, EncoderRequest(**options)), [*frames[:2], long])
    assert probe(path).duration_s == pytest.approx(2 + 10 * 3600, abs=0.01)


@given(st.lists(st.floats(0.0, 1e5), min_size=1, max_size=20), st.floats(1e-3, 1e5))
def test_no_step_is_longer_than_an_hour(steps_s, lasts_s):
    timeline, placed = Timeline(TIME_BASE, rate=None, cut_pauses=True), []
    times_s = np.cumsum(steps_s)
    for time_s in times_s:
        pts, duration = timeline.add_frame(float(time_s), lasts_s)
        placed += [*timeline.repeats, pts]
    at_end = timeline.repeats_at_end()
    placed += [pts for pts, _ in at_end]
    duration = at_end[-1][1] if at_end else duration
    longest = MAX_STEP_S / TIME_BASE
    assert all(0 < later - earlier <= longest for earlier, later in pairwise(placed))
    assert duration <= longest
    end_s = times_s[-1] - times_s[0] + lasts_s
    assert float((placed[-1] + duration) * TIME_BASE) == pytest.approx(end_s, abs=0.01)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(
    ("times_s", "end_s", "lasts_s"),
    [
        ([0.0, 5.0, 10.0], 10.4, 10.4),  # before: as long as the one before it, 15.0
        (SECOND, 4.0, 4.0),  # a camera that fell silent; before: 1.0
        (SECOND, 1.0, 1.0),
        (SECOND, SECOND[-1] + 0.001, 1.0),  # a picture is seen for its own time, at least
        ([0.0], 3.0, 3.0),
    ],
)
def test_the_last_picture_of_a_live_recording_lasts_until_its_end(
    suffix, times_s, end_s, lasts_s, tmp_path
):
    path = tmp_path / f"r{suffix}"
    request, notes = EncoderRequest(rate=30.0), []
    given = [annotated_frame_of(PICTURES[n % 7], n, at_s) for n, at_s in enumerate(times_s)]
    ending = annotated_frame_of(PICTURES[0], len(given), end_s)
    ending = replace(ending, view=replace(ending.view, recording=False))
    session = RecordingSession(
        RecordingOptions(path, tmp_path, request, clean=True),
        RecordingEvents(notify=notes.append),
        DiskSpaceMonitor(0),
    )
    for annotated in [*given, ending]:
        session.add_frame(annotated)
    for name in (path, path.with_stem("r_clean")):
        seen = probe(name)
        assert (seen.frames, seen.duration_s) == (len(times_s), pytest.approx(lasts_s, abs=0.002))
    assert f"{lasts_s:.2f} s" in notes[-1]


@pytest.mark.parametrize("change", [{"pauses": 1}, {"gaps": 1}])
def test_what_is_cut_is_not_added_to_the_last_picture(change):
    timeline = Timeline(TIME_BASE, rate=30.0, cut_pauses=True)
    timeline.add_frame(0.0)
    assert timeline.end_at(9.0, **{"pauses": 0, "gaps": 0, **change}) is None
    assert timeline.end_at(9.0, pauses=0, gaps=0) == 810_000
