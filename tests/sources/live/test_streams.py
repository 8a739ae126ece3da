"""Real streams on this machine: ffmpeg over HTTP and GStreamer over RTSP, killed and restarted."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from statistics import median

import pytest
from sources.live.senders import Sender, missing
from sources.live.stamped import age_ms, stamp_of
from programs import started
from support import eventually, only_frames, program_env

import av
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.open_source import create_source
from livecam.sources.stream_connection import READ_TIMEOUT_S
from livecam.core.types import Waiting

KINDS = ["http", "rtsp"]
KILLS = int(os.environ.get("LIVECAM_KILLS", "2"))  # the figures of docs/reliability.md are of 5
FRAMES = 12
WAIT_S = 120


@pytest.fixture(params=KINDS)
def sender(request):
    with Sender(request.param) as running:
        yield running


def entered(sender):
    """An opened source, once the sender listens."""

    def opened():
        with suppress(SourceError):
            return create_source(sender.address).__enter__()

    return eventually(opened)


def test_the_first_frame_comes_whole(sender):
    source = entered(sender)
    frame = next(only_frames(source))
    source.__exit__(None, None, None)
    assert frame.bgr.shape == (240, 312, 3)
    assert (frame.index, frame.time_s) == (0, 0.0)
    assert 0 <= age_ms(frame.bgr) < 120_000  # a time, and not noise


def test_a_consumer_slower_than_the_source_sees_the_present(sender):
    """Waiting in line, a frame would be two seconds old after three."""
    source = entered(sender)
    ages_ms = []
    for frame in only_frames(source):
        ages_ms.append(age_ms(frame.bgr))
        time.sleep(0.1)  # the slow consumer
        if len(ages_ms) == 30:
            break
    source.__exit__(None, None, None)
    assert frame.drops.newer > 10
    assert median(ages_ms[-10:]) < 1000


def test_a_sender_that_falls_silent_keeps_nobody_waiting(sender):
    source = entered(sender)
    next(only_frames(source))
    sender.signal(signal.SIGSTOP)
    moments = [time.monotonic()]
    try:
        for item in source:
            moments.append(time.monotonic())
            if isinstance(item, Waiting) and item.reason:
                break
    finally:
        sender.signal(signal.SIGCONT)
    assert "gives no picture" in item.reason
    assert 1.9 < item.waited_s < 10
    assert max(later - earlier for earlier, later in pairwise(moments)) < READ_TIMEOUT_S / 2
    left = time.monotonic()
    source.__exit__(None, None, None)
    assert time.monotonic() - left < READ_TIMEOUT_S / 2


def test_a_password_is_used_and_never_shown():
    with Sender("rtsp", login=("anna", "s3cret")) as sender:
        source = entered(sender)
        next(only_frames(source))
        source.__exit__(None, None, None)
        assert source.title == f"rtsp://127.0.0.1:{sender.port}/garden"
        wrong = sender.address.replace("s3cret", "wr0ng")
        with pytest.raises(SourceError, match="401") as caught:
            create_source(wrong).__enter__()
        assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize("path", ["garden", "udp"])
def test_a_camera_that_knows_udp_alone_is_shown_too(path):
    with Sender("rtsp") as sender:
        address = sender.address.replace("garden", path)
        with create_source(address, requested=CameraSettings(give_up=120.0)) as source:
            for _, frame in zip(range(5), only_frames(source), strict=False):
                assert frame.bgr.shape == (240, 312, 3)


@pytest.mark.parametrize("lost", ["freeze", "gap"])
@pytest.mark.parametrize("kind", KINDS)
def test_killed_and_restarted_again_and_again_the_recording_plays_at_the_right_speed(
    kind, lost, tmp_path
):
    """The size changes on the way, too; the clean recording carries the time of every picture."""
    if missing(kind):
        pytest.skip(missing(kind))
    sender = Sender(kind, login=("anna", "s3cret") if kind == "rtsp" else ())
    sender.start()
    try:
        if kind == "rtsp":  # HTTP's sender serves one client only: it is not tried beforehand
            entered(sender).__exit__(None, None, None)
        command = [sys.executable, "-m", "livecam", sender.address, "--no-window", "--model"]
        command += ["flowers", "--stats", "-", "--record", "a.mp4", "--record-clean"]
        command += ["--lost", lost]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with started(command, cwd=tmp_path, env=program_env(), **pipes) as program:
            lines, talk = Lines(program.stdout), Lines(program.stderr)
            lines.after(FRAMES)
            for number in range(KILLS):
                sender.kill()
                talk.until("waiting for it")
                sender.size = (416, 320) if number % 2 == 0 else (312, 240)
                sender.start()
                talk.until("is back after")
                lines.after(FRAMES)
            program.send_signal(signal.SIGINT)
            program.wait(60)
            told, printed = talk.all(), lines.all()
    finally:
        sender.kill()
    assert program.returncode == 130, told
    # A busy machine may starve the sender, too: that is a loss like the others.
    assert told.count("waiting for it") == told.count("is back after") >= KILLS
    assert "s3cret" not in told + printed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "a_clean.mp4"]
    for name in ("a.mp4", "a_clean.mp4"):
        assert b"s3cret" not in (tmp_path / name).read_bytes()
    drift, span_s = drifts_s(tmp_path / "a_clean.mp4")
    if lost == "freeze":  # at the speed of life; what wanders is the delay of the way
        wandered_s = min(drift[-FRAMES:]) - min(drift[:FRAMES])
        assert abs(wandered_s) < 1.0 + 0.05 * span_s
    else:  # the time of the losses is left out
        assert drift[0] - drift[-1] > KILLS * 0.3


class Lines:
    """Lines that a program prints, read by a thread as they come."""

    def __init__(self, stream):
        self._seen: list[str] = []
        self._heard = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self._changed:
                    self._seen.append(line)
                    self._changed.notify_all()

    def after(self, count):
        """Wait for so many more."""
        with self._changed:
            wanted = len(self._seen) + count
            assert self._changed.wait_for(lambda: len(self._seen) >= wanted, timeout=WAIT_S)

    def until(self, words):
        """Wait for a line with these words, after the one that was waited for before."""

        def heard():
            told = "".join(self._seen)
            found = told.find(words, self._heard)
            self._heard = found + len(words) if found >= 0 else self._heard
            return found >= 0

        with self._changed:
            assert self._changed.wait_for(heard, timeout=WAIT_S), "".join(self._seen)

    def all(self):
        """Everything, once the program has ended."""
        self._thread.join(WAIT_S)
        return "".join(self._seen)


def drifts_s(path):
    """For each stamped frame, its time in the file less the time that it carries; all seconds."""
    found, stamps = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            bgr = frame.to_ndarray(format="bgr24")
            assert bgr.shape == (240, 312, 3)
            if bgr[120:, :, 1].mean() < 70 or bgr.std(axis=2).max() > 40:  # a status card
                continue
            stamps.append(stamp_of(bgr) / 1000)
            found.append(frame.time - stamps[-1])
    assert len(found) > KILLS * FRAMES / 2
    return found, stamps[-1] - stamps[0]
