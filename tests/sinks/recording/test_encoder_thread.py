"""The encoder thread: bounded queue, counted drops, errors, and no waiting for a camera."""

import threading
import weakref
from dataclasses import replace

import pytest
from annotated_frames import RECORDING, annotated_frame_of, annotated_frames_of
from sinks.recording.recordings import STOPPED, record, recorder_at_noon
from support import FakeClock, eventually, picture, probe, textured

from livecam.errors import SinkError
from livecam.core.screen_lines import recording_lines
from livecam.pipeline.picture_buffers import PictureBuffers
from livecam.sinks.recording.recorder import MANY_FRAMES, MAX_LIVE_FRAMES, EncoderThread
from livecam.sinks.recording.encoder import Encoder
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.session import RecordingSession
from livecam.core.annotated_frame import RecorderState


class BlockedWork:
    """Work of an EncoderThread that waits until it is released."""

    def __init__(self):
        self.released, self.started, self.done = threading.Event(), threading.Event(), []

    def __call__(self, annotated, _):
        self.started.set()
        self.released.wait(30)
        self.done.append(annotated.frame.index)


def annotated(number, rate=30.0, view=RECORDING):
    return annotated_frame_of(picture(), number, number / rate, view=view)


def test_a_camera_never_waits_and_dropped_frames_are_counted():
    work = BlockedWork()
    thread = EncoderThread(work, lambda _: None, live=True)
    thread.put(annotated(0))
    assert work.started.wait(30)
    for number in range(1, 301):
        thread.put(annotated(number))  # would block for ever if it waited
    work.released.set()
    thread.close()
    assert len(work.done) + thread.dropped == 301
    assert work.done == sorted(work.done)
    assert 2 <= len(work.done) <= 1 + MAX_LIVE_FRAMES
    assert work.done[-1] <= 15  # nothing waits longer than a part of a second


def test_a_clip_waits_and_loses_nothing():
    work = BlockedWork()
    thread = EncoderThread(work, lambda _: None, live=False)

    def put_frames():
        for number in range(200):
            thread.put(annotated(number))

    loop = threading.Thread(target=put_frames)
    loop.start()
    assert work.started.wait(30)
    loop.join(0.3)
    assert loop.is_alive()  # the loop waits for the encoder
    work.released.set()
    loop.join(30)
    thread.close()
    assert work.done == list(range(200))
    assert thread.dropped == 0


def test_the_end_of_a_recording_is_never_dropped():
    work = BlockedWork()
    thread = EncoderThread(work, lambda _: None, live=True)
    thread.put(annotated(0))
    assert work.started.wait(30)
    for number in range(1, 100):
        thread.put(annotated(number))
    thread.put(annotated(100, view=STOPPED))
    work.released.set()
    thread.close()
    assert work.done[-1] == 100


def test_an_error_in_the_thread_is_raised_in_the_loop_and_ends_its_wait():
    def fail(*_):
        raise SinkError("no more")

    thread = EncoderThread(fail, lambda _: None, live=False)

    def put_frames():
        for number in range(10 * MAX_LIVE_FRAMES):
            thread.put(annotated(number))

        thread.close()

    with pytest.raises(SinkError, match="no more"):
        put_frames()
    thread.close()


def test_a_slow_encoder_keeps_the_speed_right(tmp_path, monkeypatch):
    real, permits = Encoder.encode, threading.Semaphore(0)

    def slow(self, *arguments):
        permits.acquire(timeout=30)
        return real(self, *arguments)

    monkeypatch.setattr(Encoder, "encode", slow)
    path, notes = tmp_path / "r.mp4", []
    options = RecordingOptions(path, tmp_path, EncoderRequest(live=True))
    with recorder_at_noon(options, notes) as recorder:
        for number in range(300):
            if number % 3 == 0:  # a third of the camera's rate
                permits.release()
            recorder.show(annotated_frame_of(textured(64, 48, number % 9), number, number / 30))
        dropped = recorder.state().dropped
        for _ in range(300):
            permits.release()
    seen = probe(path)
    assert dropped > 0
    assert seen.frames == 300 - dropped
    assert f"; {dropped} dropped: try --quality small or a smaller --size)" in notes[0]
    steps = {round(time_s * 30, 2) % 1 for time_s in seen.times_s}
    assert steps == {0.0}  # every frame that is there is at its own time


def test_an_exception_in_the_encoder_closes_the_file_properly(tmp_path, monkeypatch):
    real = Encoder.encode

    def broken(self, bgr, pts, duration):
        if pts > 2 * 90_000:
            raise ZeroDivisionError("a fault of ours")
        return real(self, bgr, pts, duration)

    monkeypatch.setattr(Encoder, "encode", broken)
    path = tmp_path / "r.mp4"
    options = RecordingOptions(path, tmp_path, EncoderRequest(live=False))
    with pytest.raises(SinkError, match=r"broke off at 2\.0 s .a fault of ours"):
        record(options, annotated_frames_of([textured(64, 48, n % 9) for n in range(120)]))
    assert probe(path).frames == 61


def test_a_failing_recording_of_a_key_notifies_and_the_next_one_works(tmp_path, monkeypatch):
    real, fault = Encoder.encode, [True]

    def broken(self, *arguments):
        if fault[0]:
            raise ZeroDivisionError("a fault of ours")
        return real(self, *arguments)

    monkeypatch.setattr(Encoder, "encode", broken)
    notes = []
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False))
    with recorder_at_noon(options, notes) as recorder:
        for number in range(40):
            if number == 20:
                fault[0] = False
            view = STOPPED if 18 <= number < 20 else RECORDING
            recorder.show(annotated_frame_of(picture(), number, number / 30, view=view))
            if number == 17:
                eventually(lambda: recorder.state().is_broken)
    assert "a fault of ours" in notes[0]
    assert "recorded" in notes[-1]


def test_the_picture_says_how_the_recorder_is_doing():
    def words(**state):
        return [line.text for line in recording_lines(65.0, RecorderState(**state))]

    assert recording_lines(None, RecorderState()) == []
    assert words() == ["REC 1:05"]
    assert words(sound_level=0.5) == ["REC 1:05", "mic |||||||||."]
    assert words(sound_level=0.0) == ["REC 1:05", "mic .........."]
    assert words(dropped=3, minutes_left=120.0) == ["REC 1:05", "3 dropped"]
    assert words(minutes_left=9.4) == ["REC 1:05", "9 min of disk left"]
    assert words(minutes_left=0.3) == ["REC 1:05", "disk full soon"]
    assert words(is_broken=True) == ["NOT RECORDING"]


def test_the_rate_of_the_encoder_is_measured_without_the_first_frame(tmp_path, monkeypatch):
    """The first frame opens the encoder, which takes long and says nothing about the others."""
    clock, took_s = FakeClock(), [3.0, 0.02, 0.02]
    recorder = Recorder(RecordingOptions(tmp_path / "a.mp4", tmp_path), clock=clock)
    monkeypatch.setattr(recorder._session, "add_frame", lambda *_: clock.sleep(took_s.pop(0)))
    assert recorder.state().rate is None
    with recorder:
        for number in range(3):
            recorder.show(annotated(number))
    assert recorder.state().rate == pytest.approx(50.0)


def test_memory_is_given_back_when_the_encoder_is_open_and_after_a_backlog():
    work, caught_up = BlockedWork(), []
    thread = EncoderThread(
        work, lambda _: None, live=True, on_caught_up=lambda: caught_up.append(len(work.done))
    )
    work.released.set()
    thread.put(annotated(0))
    eventually(lambda: caught_up == [1])
    work.released.clear()
    work.started.clear()
    thread.put(annotated(1))
    assert work.started.wait(30)  # it does not wait any more
    for number in range(2, 2 + MANY_FRAMES):
        thread.put(annotated(number))
    work.released.set()
    eventually(lambda: len(caught_up) == 2)
    thread.put(annotated(2 + MANY_FRAMES))
    thread.close()
    assert caught_up == [1, 2 + MANY_FRAMES]


def test_while_a_frame_is_encoded_the_one_before_is_not_kept(tmp_path, monkeypatch):
    """Two pictures of each frame: kept as long as an encoder is behind, they add up."""
    seen, alive, real_encode = [], [], Encoder.encode

    def encode(self, bgr, pts, duration):
        alive.append([frame() is not None for frame in seen])
        return real_encode(self, bgr, pts, duration)

    monkeypatch.setattr(Encoder, "encode", encode)
    options = RecordingOptions(tmp_path / "r.mp4", tmp_path, EncoderRequest(rate=30.0))
    session = RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0))
    for number in range(3):
        frame = annotated(number)
        seen.append(weakref.ref(frame))
        session.add_frame(frame)
        del frame
    session.finish()
    assert alive == [[True], [False, True], [False, False, True]]


def test_pictures_are_drawn_in_one_piece_of_memory_that_the_run_has_again(tmp_path):
    """The encoder's thread keeps none: not even the one that was encoded last."""
    buffers, addresses = PictureBuffers(), []

    def allocate(shape):
        array = buffers.take(shape)
        addresses.append(array.ctypes.data)
        return array

    options = RecordingOptions(tmp_path / "r.mp4", tmp_path, EncoderRequest(rate=30.0))
    session = RecordingSession(options, RecordingEvents(), DiskSpaceMonitor(0))
    for number in range(5):
        drawn = replace(annotated(number), drawing=lambda _: lambda bgr: None, allocate=allocate)
        session.add_frame(drawn)
    session.finish()
    assert len(addresses) >= 5
    assert len(set(addresses)) == 1
