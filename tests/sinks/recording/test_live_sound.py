"""The sound of a microphone in recordings: in step, cut with the pictures, never in their way."""

from dataclasses import replace

import numpy as np
import pytest
from annotated_frames import RECORDING
from sinks.recording.live_sound import (
    FakeSound,
    camera_frame,
    clicks_s,
    flashes_s,
    sound_of,
)
from sinks.recording.recordings import NOON, STOPPED, TickingClock, camera_options
from support import probe

from livecam.errors import SinkError
from livecam.core.split_limit import SplitLimit
from livecam.sinks.recording.capture_times import CaptureTimes
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.session import RecordingSession

NEAR_S = 0.012


def session_of(options: RecordingOptions) -> RecordingSession:
    return RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0), now=lambda: NOON)


def add_all(session, annotated_frames):
    for annotated in annotated_frames:
        session.add_frame(annotated)


def record(options, annotated_frames):
    session = session_of(options)
    add_all(session, annotated_frames)
    session.finish()


def in_step(path, count):
    clicks, flashes = clicks_s(path), flashes_s(path)
    assert len(flashes) == count
    return clicks == pytest.approx(flashes, abs=NEAR_S)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (16_000, 1)])
def test_each_click_is_heard_when_its_picture_is_seen(suffix, rate, channels, tmp_path):
    path = tmp_path / f"a{suffix}"
    options = camera_options(path, sound=FakeSound(rate, channels), clean=True)
    record(options, map(camera_frame, range(120)))
    assert in_step(path, 4)
    assert in_step(path.with_stem("a_clean"), 4)
    assert probe(path).frames == 120
    assert len(sound_of(path)[1]) / rate == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("sound", [None, FakeSound()])
def test_when_frames_were_taken_is_noted_for_a_microphone_alone(sound, tmp_path, monkeypatch):
    noted = []
    monkeypatch.setattr(CaptureTimes, "add_frame", lambda self, *of, **more: noted.append(of))
    record(camera_options(tmp_path / "a.mp4", sound=sound), map(camera_frame, range(5)))
    assert len(noted) == (5 if sound else 0)


def test_sound_that_comes_later_than_the_pictures_is_waited_for(tmp_path):
    sound, path = FakeSound(), tmp_path / "a.mp4"
    session = session_of(camera_options(path, sound=sound))
    for number in range(120):
        annotated = camera_frame(number)
        sound.known_until_s = annotated.frame.captured_s - 0.3
        session.add_frame(annotated)
    session.finish()
    assert sound.waits == 1
    assert in_step(path, 4)
    assert probe(path).frames == 120


def test_a_microphone_that_falls_silent_keeps_no_picture_waiting(tmp_path):
    sound, path = FakeSound(), tmp_path / "a.mp4"
    sound.known_until_s, sound.comes_late = 1002.2, False
    session = session_of(camera_options(path, sound=sound))
    for number in range(300):
        session.add_frame(camera_frame(number))
    assert session._files.recording.begin_pts == 0
    assert session._writers[0].file.duration_s > 8.5
    session.finish()
    assert clicks_s(path) == pytest.approx([0.5, 1.5], abs=NEAR_S)
    assert len(sound_of(path)[1]) / sound.rate == pytest.approx(10.0, abs=0.1)
    assert probe(path).frames == 300


@pytest.mark.parametrize("seconds", [1.0, 1.3])
def test_sound_goes_on_over_the_files_of_a_recording(seconds, tmp_path):
    sound, path = FakeSound(), tmp_path / "a.mp4"
    options = camera_options(path, sound=sound, split=SplitLimit(seconds=seconds))
    session = session_of(options)
    for number in range(150):
        annotated = camera_frame(number)
        sound.known_until_s = annotated.frame.captured_s - 0.2
        session.add_frame(annotated)
    session.finish()
    files = [path, *(tmp_path / f"a_{n}.mp4" for n in range(2, 10))]
    files = [one for one in files if one.exists()]
    assert len(files) > 2
    for one in files:
        assert clicks_s(one) == pytest.approx(flashes_s(one), abs=0.03)
        end_s = len(sound_of(one)[1]) / sound.rate
        assert end_s == pytest.approx(probe(one).frames / 30, abs=0.05)
    assert sum(len(clicks_s(one)) for one in files) == 5
    assert sum(probe(one).frames for one in files) == 150


def test_no_moment_of_sound_is_missing_where_files_follow_each_other(tmp_path):
    sound, path = FakeSound(hum=8_000), tmp_path / "a.mp4"
    options = camera_options(path, sound=sound, split=SplitLimit(seconds=1.0))
    session = session_of(options)
    for number in range(120):
        annotated = camera_frame(number)
        sound.known_until_s = annotated.frame.captured_s - 0.22
        session.add_frame(annotated)
    session.finish()
    for one in (path, *(tmp_path / f"a_{n}.mp4" for n in (2, 3, 4))):
        rate, samples = sound_of(one)
        assert len(samples) / rate == pytest.approx(1.0, abs=0.05)
        steps = samples[round(0.03 * rate) :][: round(0.96 * rate)].reshape(-1, rate // 100)
        assert np.abs(steps).max(axis=1).min() > 0.1


def frames_with_a_pause(length):
    """Three seconds, a pause in the midst of which clicks are heard, three seconds."""
    for number in range(90):
        yield camera_frame(number)
    for number in range(90 + length, 180 + length):
        yield camera_frame(number, pauses=1)


def test_a_pause_that_is_cut_has_no_sound(tmp_path):
    path = tmp_path / "a.mp4"
    record(camera_options(path, sound=FakeSound()), frames_with_a_pause(70))
    assert in_step(path, 6)
    rate, samples = sound_of(path)
    assert len(samples) / rate == pytest.approx(6.0, abs=0.1)


def test_a_pause_that_is_a_frozen_picture_is_silent(tmp_path):
    path = tmp_path / "a.mp4"
    record(camera_options(path, sound=FakeSound(), cut_pauses=False), frames_with_a_pause(90))
    assert in_step(path, 6)
    rate, samples = sound_of(path)
    assert len(samples) / rate == pytest.approx(9.0, abs=0.1)
    assert np.abs(samples[round(3.1 * rate) : round(5.9 * rate)]).max() < 0.01


def test_the_time_of_a_loss_that_is_left_out_has_no_sound(tmp_path):
    path = tmp_path / "a.mp4"
    frames = [camera_frame(n) for n in range(60)] + [
        camera_frame(n, gaps=1) for n in range(145, 205)
    ]
    record(camera_options(path, sound=FakeSound()), frames)
    assert in_step(path, 4)


def test_a_recording_that_began_before_its_key_has_its_sound_from_there(tmp_path):
    options = replace(camera_options(tmp_path / "a.mp4", sound=FakeSound()), pre_roll_s=2.0)
    frames = [camera_frame(n, view=RECORDING if n >= 150 else STOPPED) for n in range(210)]
    record(options, frames)
    assert in_step(tmp_path / "a.mp4", len(flashes_s(tmp_path / "a.mp4")))
    assert len(flashes_s(tmp_path / "a.mp4")) >= 3


def test_the_sound_follows_a_camera_whose_pictures_come_later_than_before(tmp_path):
    path = tmp_path / "a.mp4"
    frames = [camera_frame(n, delay_s=0.03 if n < 60 else 0.18) for n in range(240)]
    record(camera_options(path, sound=FakeSound()), frames)
    assert clicks_s(path)[-1] - flashes_s(path)[-1] == pytest.approx(0.15, abs=NEAR_S)
    assert clicks_s(path)[0] - flashes_s(path)[0] == pytest.approx(0.0, abs=NEAR_S)


def test_a_single_picture_that_came_late_moves_no_sound(tmp_path):
    path = tmp_path / "a.mp4"
    late = {0, 40, 41, 80}
    frames = [camera_frame(n, delay_s=0.2 if n in late else 0.03) for n in range(120)]
    record(camera_options(path, sound=FakeSound()), frames)
    assert in_step(path, 4)


def test_a_disk_that_gets_full_leaves_the_sound_of_its_pictures(tmp_path):
    free_bytes = iter(range(205_000_000, 0, -500_000))
    disk_space = DiskSpaceMonitor(200_000_000, lambda _: next(free_bytes))
    path = tmp_path / "a.mp4"
    session = RecordingSession(
        camera_options(path, sound=FakeSound()),
        RecordingEvents(),
        disk_space,
        now=lambda: NOON,
        clock=TickingClock(),
    )
    with pytest.raises(SinkError, match=r"a\.mp4 was closed at \d+\.\d s and is whole"):
        add_all(session, map(camera_frame, range(900)))
    frames = probe(path).frames
    assert 60 < frames < 900
    assert len(sound_of(path)[1]) / 48_000 == pytest.approx(frames / 30, abs=0.1)
    assert in_step(path, len(flashes_s(path)))
