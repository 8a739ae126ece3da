"""A source that is lost while the window is open: the placard, the keys, and leaving."""

import shutil
import signal
import socket
import sys
import time

import numpy as np
import pytest
from end_to_end.desktop import eventually, missing_programs
from live.senders import Sender

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
]

BLOCKED_S = 8.0
"""Less than any time-out of a driver or network: who waits for one of these is too late."""


@pytest.fixture
def sender():
    with Sender("http") as running:
        yield running


def yellow_share(picture):
    """Share of the middle that has the colour of a placard's headline."""
    height, width = picture.shape[:2]
    middle = picture[height // 4 : -height // 4, width // 8 : -width // 8].astype(int)
    blue, green, red = middle[:, :, 0], middle[:, :, 1], middle[:, :, 2]
    return float(((red > 200) & (green > 180) & (blue < 160)).mean())


def shows_placard(desktop):
    return bool(desktop.window_ids()) and yellow_share(desktop.picture()) > 0.003


def shows_frames(desktop):
    return desktop.picture().std() > 15 and not shows_placard(desktop)


def leaves(desktop, program):
    """Press q; the seconds until the program has ended."""
    desktop.press("q")
    pressed = time.monotonic()
    _, talk = program.communicate(timeout=60)
    assert "Traceback" not in talk
    return time.monotonic() - pressed, talk


def test_a_killed_sender_shows_a_placard_and_comes_back(desktop, start, sender):
    program = start(sender.address, "--opacity", "0")
    eventually(lambda: shows_frames(desktop))
    sender.kill()
    killed = time.monotonic()
    eventually(lambda: shows_placard(desktop))
    assert time.monotonic() - killed < BLOCKED_S
    before = desktop.picture()
    desktop.press("h")  # keys are heard: later the help is there
    sender.start()
    eventually(lambda: not shows_placard(desktop))
    desktop.press("h")
    eventually(lambda: shows_frames(desktop))
    assert np.abs(desktop.picture().astype(int) - before).mean() > 5
    took_s, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert took_s < BLOCKED_S
    assert "waiting for it" in talk
    assert "is back after" in talk


def test_q_ends_while_the_source_blocks(desktop, start, sender):
    program = start(sender.address, "--opacity", "0")
    eventually(lambda: shows_frames(desktop))
    sender.signal(signal.SIGSTOP)
    eventually(lambda: shows_placard(desktop))
    took_s, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert took_s < BLOCKED_S
    assert "gives no picture" in talk


def test_q_ends_while_the_source_is_being_opened(desktop, start):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        program = start(f"http://127.0.0.1:{deaf.getsockname()[1]}/x")
        eventually(lambda: shows_placard(desktop))
        took_s, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert took_s < BLOCKED_S
    assert "ended before the first frame" in talk
