"""A source that is lost while the window is open: the status card, the keys, and leaving."""

import shutil
import signal
import socket
import sys
import time

import numpy as np
import pytest
from end_to_end.desktop import missing_programs
from support import eventually
from sources.live.senders import Sender

from livecam.core.screen_help import GROUND as HELP_GROUND

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
]

PROMISED_S = 30.0
"""So soon a lost source is told, and so soon `q` ends. Alone, it is a part of a second."""

PATIENT = """
from livecam.sources import stream_connection
stream_connection.READ_TIMEOUT_S = stream_connection.StreamConnection.read_timeout_s = 170.0
from livecam.sources import stream
stream.OPEN_TIMEOUT_S = 170.0
"""
"""Who waited for the source would wait for so long."""


@pytest.fixture
def sender():
    with Sender("http") as running:
        yield running


def yellow_share(picture):
    """Share that has the colour of a status card's headline, and of the figures' second line."""
    blue, green, red = (picture[:, :, channel].astype(int) for channel in range(3))
    return float(((red > 200) & (green > 180) & (blue < 160)).mean())


def shows_placard(desktop):
    if not desktop.window_ids():
        return False
    picture = desktop.picture()
    height, width = picture.shape[:2]
    middle = picture[height // 4 : -height // 4, width // 8 : -width // 8]
    return yellow_share(middle) > 0.01


def shows_frames(desktop):
    """With their figures at the upper left: while the model is being loaded there are none."""
    picture = desktop.picture()
    height, width = picture.shape[:2]
    corner = picture[: height // 3, : width // 2]
    return yellow_share(corner) > 0.002 and not shows_placard(desktop)


def shows_help(desktop):
    """The table of keys has a ground of its own; a status card's panel may be as dark."""
    picture = desktop.picture().astype(int)
    ground = float((abs(picture - np.array(HELP_GROUND)).max(axis=2) <= 2).mean())
    return ground > 0.1 and not shows_placard(desktop)


def seconds_until(look):
    began = time.monotonic()
    eventually(look)
    return time.monotonic() - began


def leaves(desktop, program):
    """Press q; the seconds until the program has ended."""
    desktop.press("q")
    pressed = time.monotonic()
    _, talk = program.communicate(timeout=60)
    assert "Traceback" not in talk
    return time.monotonic() - pressed, talk


def test_a_killed_sender_shows_a_placard_and_comes_back(desktop, start, sender):
    program = start(sender.address, "--opacity", "0", before=PATIENT)
    eventually(lambda: shows_frames(desktop))
    desktop.press("h")
    eventually(lambda: shows_help(desktop))
    desktop.press("h")
    eventually(lambda: shows_frames(desktop) and not shows_help(desktop))
    sender.kill()
    assert seconds_until(lambda: shows_placard(desktop)) < PROMISED_S
    desktop.press("h")
    eventually(lambda: shows_help(desktop))  # also while there is no source
    desktop.press("h")
    eventually(lambda: shows_placard(desktop))
    sender.start()
    eventually(lambda: shows_frames(desktop) and not shows_placard(desktop))
    _, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert "waiting for it" in talk
    assert "is back after" in talk


def test_q_ends_while_the_source_blocks(desktop, start, sender):
    program = start(sender.address, "--opacity", "0", before=PATIENT)
    eventually(lambda: shows_frames(desktop))
    sender.signal(signal.SIGSTOP)
    eventually(lambda: shows_placard(desktop))
    took_s, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert took_s < PROMISED_S
    assert "gives no picture" in talk


def test_q_ends_while_the_source_is_being_opened(desktop, start):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        program = start(f"http://127.0.0.1:{deaf.getsockname()[1]}/x", before=PATIENT)
        eventually(lambda: shows_placard(desktop))
        took_s, talk = leaves(desktop, program)
    assert program.returncode == 0
    assert took_s < PROMISED_S
    assert "ended before the first frame" in talk
