"""An encoder that stops answering is left behind; the file is closed with what there is."""

import gc
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import contextmanager
from fractions import Fraction

import pytest
from annotated_frames import annotated_frame_of
from built_daisy import with_built_daisy
from programs import started
from sinks.recording.recordings import STOPPED, recorder_at_noon
from support import FakeClock, eventually, picture, probe, program_env, textured, write_clip

from livecam.errors import SinkError
from livecam.sinks.recording import encoder as encoder_module
from livecam.sinks.recording.call_thread import LEAVING_LIMIT_S, CallThread, TimeLimit, SilentError
from livecam.sinks.recording.watched_encoder import CLIP_LIMIT_S, LIVE_LIMIT_S
from livecam.sinks.recording.encoder import Encoder, open_encoder
from livecam.sinks.recording.encoder_catalogue import ENCODERS, EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.watched_encoder import MAX_WAITING, EncoderSilentError, WatchedEncoder


class RunningClock(FakeClock):
    """A clock on which a second has passed whenever it is looked at."""

    def __call__(self):
        self.now_s += 1.0
        return self.now_s


@pytest.fixture
def blocked(monkeypatch):
    """From a time of the recording on no encoder answers, until the test is over."""
    real_encode, released, state = Encoder.encode, threading.Event(), {"from_s": 1.0}

    def encode(self, bgr, pts, duration):
        if pts * self._time_base >= state["from_s"]:
            released.wait(60)
        return real_encode(self, bgr, pts, duration)

    monkeypatch.setattr(Encoder, "encode", encode)
    yield state
    released.set()


def shown(recorder, numbers, view=None):
    for number in numbers:
        more = {} if view is None else {"view": view}
        bgr = textured(64, 48, number % 9)
        recorder.show(annotated_frame_of(bgr, number, number / 30, **more))


@pytest.mark.parametrize(("live", "limit_s"), [(True, LIVE_LIMIT_S), (False, CLIP_LIMIT_S)])
def test_a_call_that_never_returns_is_left_behind_after_the_limit(live, limit_s):
    thread, never, clock = CallThread(), threading.Event(), RunningClock()
    with pytest.raises(SilentError, match=f"no answer for {limit_s:.0f} s"):
        thread.call(lambda: never.wait(60), TimeLimit(limit_s, clock=clock))
    assert limit_s <= clock.now_s <= limit_s + 2
    with pytest.raises(SilentError):
        thread.call(lambda: 1, TimeLimit(limit_s, clock=clock))
    never.set()


def test_a_call_gives_what_the_function_gives_and_raises_what_it_raises():
    thread = CallThread()
    assert thread.call(lambda: 7, TimeLimit(CLIP_LIMIT_S)) == 7
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 // 0, TimeLimit(CLIP_LIMIT_S))
    thread.close()


def test_a_call_that_fails_keeps_nothing_of_its_caller():
    """The picture for which an encoder is opened was kept as long as those that do not work."""
    thread, gone = CallThread(), []

    def call_with_picture():
        bgr = picture()
        gone.append(weakref.ref(bgr))
        thread.call(lambda: 1 // 0, TimeLimit(CLIP_LIMIT_S))

    gc.disable()  # without it: no ring of objects is left
    try:
        with pytest.raises(ZeroDivisionError):
            call_with_picture()
        assert gone[0]() is None
    finally:
        gc.enable()
        thread.close()


def test_who_leaves_waits_for_less_than_two_seconds():
    thread, never, clock = CallThread(), threading.Event(), RunningClock()
    with pytest.raises(SilentError):
        thread.call(lambda: never.wait(60), TimeLimit(CLIP_LIMIT_S, lambda: True, clock))
    assert clock.now_s <= LEAVING_LIMIT_S + 2 < 4
    never.set()


def test_a_program_that_was_suspended_did_not_wait():
    """Ctrl-Z for a minute: the encoder stood still as well."""
    thread, answer = CallThread(), threading.Event()

    def clock():
        clock.now_s += 100.0
        clock.looks += 1
        if clock.looks == 3:
            answer.set()
        return clock.now_s

    clock.now_s, clock.looks = 0.0, 0
    assert thread.call(lambda: answer.wait(60), TimeLimit(LIVE_LIMIT_S, clock=clock))
    thread.close()


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_the_recording_that_was_asked_for_is_closed_with_everything_that_was_muxed(
    suffix, blocked, tmp_path
):
    path = tmp_path / f"r{suffix}"
    codec = "ffv1" if suffix == ".mkv" else "av1"  # neither holds a picture back
    options = RecordingOptions(path, tmp_path, EncoderRequest(codec, live=False))
    words = r"broke off \(.* gives no answer for 30 s\): what was recorded until then, 1\.0 s, is"
    with (
        pytest.raises(SinkError, match=words),
        recorder_at_noon(options, clock=RunningClock()) as recorder,
    ):
        shown(recorder, range(40))
    assert probe(path).frames == 30


def test_where_a_key_began_it_the_run_goes_on_without_a_recording_and_the_next_one_works(
    blocked, tmp_path
):
    notes = []
    options = RecordingOptions(None, tmp_path, EncoderRequest("av1", live=False))
    with recorder_at_noon(options, notes, clock=RunningClock()) as recorder:
        shown(recorder, range(34))
        eventually(lambda: notes and recorder.state().is_broken)
        assert recorder.state().rate is None
        shown(recorder, range(34, 45))
        assert "no answer" in notes[0]
        first = next(tmp_path.glob("*.mp4"))
        assert probe(first).frames == 30
        blocked["from_s"] = 1e9
        shown(recorder, range(45, 47), view=STOPPED)
        shown(recorder, range(47, 60))
    assert "recorded" in notes[-1]
    assert sum(probe(path).frames for path in tmp_path.glob("*.mp4")) == 30 + 13


def test_an_encoder_that_hangs_at_the_end_keeps_nobody(monkeypatch, tmp_path):
    never, path = threading.Event(), tmp_path / "r.mp4"
    monkeypatch.setattr(Encoder, "flush", lambda _: never.wait(60))
    options = RecordingOptions(path, tmp_path, EncoderRequest("av1", live=False))
    with (
        pytest.raises(SinkError, match="no answer"),
        recorder_at_noon(options, clock=RunningClock()) as recorder,
    ):
        shown(recorder, range(20))
    assert probe(path).frames == 20
    never.set()


def test_an_encoder_that_hangs_while_it_is_opened_gives_way_to_the_next(monkeypatch):
    never, real = threading.Event(), encoder_module._opened

    def opened(spec, *rest):
        return never.wait(60) if spec.is_hardware else real(spec, *rest)

    monkeypatch.setattr(encoder_module, "_opened", opened)
    monkeypatch.setattr(encoder_module, "_hardware_problems", {})
    specs = (ENCODERS["h264"][0], ENCODERS["h264"][-1])
    monkeypatch.setattr(encoder_module, "ENCODERS", {"h264": specs})
    reported, time_limit = [], TimeLimit(CLIP_LIMIT_S, clock=RunningClock())
    unit = Fraction(1, 90_000)
    encoder = open_encoder(EncoderRequest(), (64, 48), unit, reported.append, time_limit)
    assert encoder.spec.name == "libx264"
    assert "h264_nvenc: no answer for 30 s" in reported[0]
    encoder.close()
    never.set()


def test_an_encoder_that_takes_pictures_and_gives_no_packets_is_silent_too():
    class Swallows:
        spec, stream = ENCODERS["h264"][-1], None

        def encode(self, *_):
            return []

    clock = RunningClock()
    encoder = WatchedEncoder(Swallows(), CallThread(), TimeLimit(LIVE_LIMIT_S, clock=clock))
    for number in range(MAX_WAITING):
        assert encoder.encode(picture(), number, 1) == []
    clock.now_s += LIVE_LIMIT_S
    with pytest.raises(EncoderSilentError, match="no packets"):
        encoder.encode(picture(), MAX_WAITING, 1)


def test_after_a_failure_no_rate_is_shown(monkeypatch, tmp_path):
    clock = FakeClock()
    recorder = Recorder(RecordingOptions(None, tmp_path), RecordingEvents(), clock=clock)

    def broken(*_):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Encoder, "encode", broken)
    with recorder:
        shown(recorder, range(3))
        eventually(lambda: recorder.state().is_broken)
        shown(recorder, range(3, 30))
        assert recorder.state().rate is None


BLOCKED = """
import sys, threading
from livecam.sinks.recording import encoder, stream_writer
real = encoder.Encoder.encode

def encode(self, bgr, pts, duration):
    if pts * self._time_base >= 1:
        print("hangs", flush=True)
        threading.Event().wait()
    return real(self, bgr, pts, duration)

encoder.Encoder.encode = encode
if sys.argv[1] != "-":
    stream_writer.CLIP_LIMIT_S = float(sys.argv[1])
sys.argv[1:] = [globals().get("SOURCE", "daisy"), "--model", "flowers", "--no-window",
    "--scene-size", "160x120", "--codec", "ffv1", "--record", "r.mkv",
    "--frames", "100", "--stats", "s.jsonl"]
from livecam.__main__ import main
sys.exit(main())
"""


WINDOW = """
import threading
from livecam.core.events import KeyPress
from livecam.assembly import open_pipeline, open_source_and_window

class Window:
    \"""Its user presses q as soon as the line comes, and nothing before.\"""
    pressed = threading.Event()

    def __enter__(self):
        threading.Thread(target=lambda: (input(), self.pressed.set()), daemon=True).start()
        return self

    def __exit__(self, *_):
        pass

    def show(self, _):
        pass

    show_status = show_loading = lambda *_: None

    def events(self, wait_s):
        return [KeyPress("q")] if self.pressed.wait(wait_s) else []

open_source_and_window.open_window = Window
open_pipeline.should_open_window = lambda *_: True
"""


@contextmanager
def program(limit, folder, before=""):
    """The program with an encoder that hangs after a second of the recording."""
    command = [sys.executable, "-c", before + BLOCKED, limit]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with started(command, cwd=folder, env=program_env(), text=True, **pipes) as running:
        yield running


def source_lines(source, folder):
    """Lines that make the program take this source, which is the daisy by itself."""
    if source == "daisy":
        return with_built_daisy()
    path = folder / "clip.mp4"  # with it the loop waits for the encoder
    write_clip(path, [textured(64, 48, n % 9) for n in range(90)], [n / 30 for n in range(90)])
    return f"import sys; sys.modules['__main__'].SOURCE = {str(path)!r}\n"


def test_the_command_ends_with_exit_code_5_and_the_file_is_whole(tmp_path):
    with program("0.5", tmp_path, source_lines("clip", tmp_path)) as running:
        _, talk = running.communicate(timeout=120)
        assert running.returncode == 5, talk
    assert "ffv1 gives no answer" in talk
    assert "Traceback" not in talk
    assert probe(tmp_path / "r.mkv").frames == 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize(("number", "source"), [(signal.SIGINT, "daisy"), (signal.SIGTERM, "clip")])
def test_a_signal_ends_the_program_soon_though_the_encoder_hangs(number, source, tmp_path):
    with program("-", tmp_path, source_lines(source, tmp_path)) as running:
        assert running.stdout.readline() == "hangs\n"
        began = time.monotonic()
        running.send_signal(number)
        _, talk = running.communicate(timeout=120)
        took_s = time.monotonic() - began
    assert running.returncode == 5, talk
    assert took_s < CLIP_LIMIT_S / 2  # two seconds, on a machine that has nothing else to do
    assert probe(tmp_path / "r.mkv").frames == 30


@pytest.mark.parametrize("source", ["daisy", "clip"])
def test_the_key_q_ends_the_program_soon_though_the_encoder_hangs(source, tmp_path):
    with program("-", tmp_path, WINDOW + source_lines(source, tmp_path)) as running:
        assert running.stdout.readline() == "hangs\n"
        began = time.monotonic()
        _, talk = running.communicate("\n", timeout=120)
        took_s = time.monotonic() - began
    assert running.returncode == 5, talk
    assert took_s < CLIP_LIMIT_S / 2  # two seconds, on a machine that has nothing else to do
    assert probe(tmp_path / "r.mkv").frames == 30
