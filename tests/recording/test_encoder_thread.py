"""The recorder is never in the way: bounded memory, honest drops, no waiting for cameras."""

import threading
from dataclasses import replace
from datetime import datetime

import pytest
from contract.annotated_frames import RECORDING, annotated_frame_of
from support import FakeClock, eventually, picture, probe, textured

from livecam.errors import SinkError
from livecam.core.hud import recording_lines
from livecam.sinks.recording.encoder_thread import MOST_FRAMES, EncoderThread
from livecam.sinks.recording.encoder import Encoder, Wish
from livecam.sinks.recording.options import Plan
from livecam.sinks.recording.recorder import Recorder
from livecam.core.annotated_frame import RecorderState

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (the wall's time)
STOPPED = replace(RECORDING, recording=False)


class Gate:
    """BackgroundTask that stands still until it is let go."""

    def __init__(self):
        self.open, self.reached, self.done = threading.Event(), threading.Event(), []

    def __call__(self, annotated, _):
        self.reached.set()
        self.open.wait(30)
        self.done.append(annotated.frame.index)


def annotated(number, rate=30.0, view=RECORDING):
    return annotated_frame_of(picture(), number, number / rate, view=view)


def test_a_camera_never_waits_and_what_is_dropped_is_counted():
    gate = Gate()
    thread = EncoderThread(gate, lambda _: None, live=True)
    thread.give(annotated(0))
    assert gate.reached.wait(30)
    for number in range(1, 301):
        thread.give(annotated(number))  # would stand still for ever if it waited
    gate.open.set()
    thread.close()
    assert len(gate.done) + thread.dropped == 301
    assert gate.done == sorted(gate.done)
    assert 2 <= len(gate.done) <= 1 + MOST_FRAMES
    assert gate.done[-1] <= 15  # nothing waits longer than a part of a second


def test_a_clip_waits_and_loses_nothing():
    gate = Gate()
    thread = EncoderThread(gate, lambda _: None, live=False)

    def give():
        for number in range(200):
            thread.give(annotated(number))

    giver = threading.Thread(target=give)
    giver.start()
    assert gate.reached.wait(30)
    giver.join(0.3)
    assert giver.is_alive()  # the loop waits for the encoder
    gate.open.set()
    giver.join(30)
    thread.close()
    assert gate.done == list(range(200))
    assert thread.dropped == 0


def test_the_end_of_a_recording_is_never_dropped():
    gate = Gate()
    thread = EncoderThread(gate, lambda _: None, live=True)
    thread.give(annotated(0))
    assert gate.reached.wait(30)
    for number in range(1, 100):
        thread.give(annotated(number))
    thread.give(annotated(100, view=STOPPED))
    gate.open.set()
    thread.close()
    assert gate.done[-1] == 100


def test_an_error_in_the_thread_reaches_the_loop_and_frees_it():
    def fail(*_):
        raise SinkError("no more")

    thread = EncoderThread(fail, lambda _: None, live=False)

    def give():
        for number in range(10 * MOST_FRAMES):
            thread.give(annotated(number))

        thread.close()

    with pytest.raises(SinkError, match="no more"):
        give()
    thread.close()


def test_a_slow_encoder_keeps_the_speed_right(tmp_path, monkeypatch):
    real, gate = Encoder.encode, threading.Semaphore(0)

    def slow(self, *arguments):
        gate.acquire(timeout=30)
        return real(self, *arguments)

    monkeypatch.setattr(Encoder, "encode", slow)
    path, notes = tmp_path / "r.mp4", []
    with Recorder(Plan(path, tmp_path, Wish(live=True)), notify=notes.append) as sink:
        for number in range(300):
            if number % 3 == 0:  # a third of the camera's rate
                gate.release()
            sink.show(annotated_frame_of(textured(64, 48, number % 9), number, number / 30))
        dropped = sink.state().dropped
        for _ in range(300):
            gate.release()
    seen = probe(path)
    assert dropped > 0
    assert seen.frames == 300 - dropped
    assert f"{dropped} dropped" in notes[0]
    steps = {round(time_s * 30, 2) % 1 for time_s in seen.times_s}
    assert steps == {0.0}  # every frame that is there is at its own time


def test_an_exception_in_the_encoder_closes_the_file_properly(tmp_path, monkeypatch):
    real = Encoder.encode

    def broken(self, bgr, stamp, duration):
        if stamp > 2 * 90_000:
            raise ZeroDivisionError("a fault of ours")
        return real(self, bgr, stamp, duration)

    monkeypatch.setattr(Encoder, "encode", broken)
    path = tmp_path / "r.mp4"
    told = pytest.raises(SinkError, match=r"broke off at 2\.0 s .a fault of ours")
    with told, Recorder(Plan(path, tmp_path, Wish(live=False)), notify=print) as sink:
        for number in range(120):
            sink.show(annotated_frame_of(textured(64, 48, number % 9), number, number / 30))
    assert probe(path).frames == 61


def test_a_failing_recording_of_a_key_is_news_and_the_next_press_tries_again(tmp_path, monkeypatch):
    real, fault = Encoder.encode, [True]

    def broken(self, *arguments):
        if fault[0]:
            raise ZeroDivisionError("a fault of ours")
        return real(self, *arguments)

    monkeypatch.setattr(Encoder, "encode", broken)
    notes = []
    plan = Plan(None, tmp_path, Wish(live=False))
    with Recorder(plan, notify=notes.append, now=lambda: NOON) as sink:
        for number in range(40):
            if number == 20:
                fault[0] = False
            view = STOPPED if 18 <= number < 20 else RECORDING
            sink.show(annotated_frame_of(picture(), number, number / 30, view=view))
            if number == 17:
                eventually(lambda: sink.state().is_broken)
    assert "a fault of ours" in notes[0]
    assert "recorded" in notes[-1]


def test_the_screen_says_what_the_person_should_know():
    def words(**state):
        return [line.text for line in recording_lines(65.0, RecorderState(**state))]

    assert recording_lines(None, RecorderState()) == []
    assert words() == ["REC 1:05"]
    assert words(dropped=3, minutes_left=120.0) == ["REC 1:05", "3 dropped"]
    assert words(minutes_left=9.4) == ["REC 1:05", "9 min of disk left"]
    assert words(minutes_left=0.3) == ["REC 1:05", "disk full soon"]
    assert words(is_broken=True) == ["NOT RECORDING"]


def test_how_fast_the_encoder_is_can_be_had(tmp_path, monkeypatch):
    """The first frame opens it, which takes long and says nothing about the others."""
    clock, took_s = FakeClock(), [3.0, 0.02, 0.02]
    recorder = Recorder(Plan(tmp_path / "a.mp4", tmp_path, Wish()), notify=print, clock=clock)
    monkeypatch.setattr(recorder._desk, "handle", lambda *_: clock.sleep(took_s.pop(0)))
    assert recorder.state().rate is None
    with recorder:
        for number in range(3):
            recorder.show(annotated(number))
    assert recorder.state().rate == pytest.approx(50.0)
