"""The status line of `livecam watch`: its words, and that it holds up nothing on a terminal."""

import os
import subprocess
import sys
import threading

import pytest
from programs import started
from support import MAIN, WAIT_S, picture, program_env
from watched_garden import visits_of, write_garden
from watched_scripts import BEGAN

from livecam.cli.watch_status import status_line
from livecam.core.class_figures import ClassFigures
from livecam.core.watching.watch_state import CameraState, LookState, WatchState


def look_of(probability):
    figures = ClassFigures(1, "daisy", picture()[..., 0], 30.0, 5.0, (0, 0), 9.0, probability)
    return LookState(picture(), BEGAN, 0.0, "daisy", {"daisy": figures})


def test_it_says_what_is_seen_and_how_many_events_there_were():
    bed = CameraState("bed", "x", last=look_of(0.97), open_events=("a",), events=3)
    pot = CameraState("pot", "y", last=look_of(0.02), is_still=True)
    gone = CameraState("gone", "z", is_over=True, events=1)
    line = status_line(WatchState(0.0, (bed, pot, gone)))
    assert line == (
        "bed: daisy 97 %, seen daisy *  |  pot: daisy 2 %, seen daisy (still)  |  4 events"
    )


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (CameraState("", "x"), "waiting for the first picture"),
        (CameraState("bed", "x", waiting_for="the camera is away"), "bed: the camera is away"),
    ],
)
def test_it_says_what_is_waited_for(camera, words):
    assert status_line(WatchState(0.0, (camera,))) == f"{words}  |  0 events"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_shows_it_below_the_events(tmp_path):
    visits = visits_of([(10, 10)])
    write_garden(tmp_path / "garden.mp4", visits, 40)
    words = ["watch", "garden.mp4", "--model", "flowers", "--when", "daisy > 0.5"]
    ours, theirs = os.openpty()
    with started(
        [sys.executable, "-c", MAIN, *words],
        cwd=tmp_path, env=program_env({"TERM": "xterm"}), stdout=subprocess.DEVNULL, stderr=theirs,
    ) as program:  # fmt: skip
        os.close(theirs)
        too_long = threading.Timer(WAIT_S, program.kill)
        too_long.start()
        shown = b""
        while part := read_from(ours):
            shown += part
        too_long.cancel()
        assert program.wait(WAIT_S) == 0, shown
    os.close(ours)
    assert b"begins: daisy" in shown
    assert b", seen " in shown
    assert b"livecam: 1 new event in events" in shown


def read_from(terminal) -> bytes:
    """What a program has written; nothing when it has ended."""
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so
        return b""
