"""`livecam watch --window` on a virtual screen: cameras as tiles, one click enlarges."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest
from built_daisy import with_built_daisy
from end_to_end.desktop import missing_programs
from programs import started
from support import MAIN, WAIT_S, eventually, program_env

from livecam.sinks.events.event_log import read_events

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

SCENES = ["daisy", "daisy", "--model", "flowers", "--scene-size", "320x240", "--scene-rate", "5"]


@pytest.fixture
def program(desktop, tmp_path):
    command = [sys.executable, "-c", with_built_daisy() + MAIN, "watch", *SCENES]
    command += ["--when", "daisy > 0.5", "--window"]
    env = program_env({"DISPLAY": desktop.display})
    with ExitStack() as stack:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        yield stack.enter_context(started(command, cwd=tmp_path, env=env, **pipes))


def shape(desktop):
    """What the window shows: its width over its height, of the part that is not black."""
    lit = desktop.picture().max(axis=2) > 40
    rows, columns = lit.any(axis=1), lit.any(axis=0)
    return columns.sum() / max(1, rows.sum())


@contextmanager
def another_window_in_front(desktop):
    """As long as the block lasts; where X's small programs are installed."""
    if shutil.which("xlogo") is None:
        yield
        return
    env = os.environ | {"DISPLAY": desktop.display}
    asked = partial(subprocess.run, env=env, capture_output=True, check=False)
    with started(["xlogo", "-geometry", "60x60+0+0"], env=env):
        eventually(lambda: b"xlogo" in asked(["xdotool", "getwindowfocus", "getwindowname"]).stdout)
        yield


def test_two_cameras_are_tiles_and_a_click_enlarges_one(desktop, program, tmp_path):
    eventually(lambda: desktop.window_ids() and desktop.picture().mean() > 30)
    eventually(lambda: desktop.picture()[:, : desktop.geometry()["WIDTH"] // 2].mean() > 30)
    g = desktop.geometry()
    assert g["WIDTH"] > 2.5 * g["HEIGHT"]
    x, y = g["X"] + g["WIDTH"] // 4, g["Y"] + g["HEIGHT"] // 2
    with another_window_in_front(desktop):  # the click that brings ours to the front counts
        desktop.run("xdotool", "mousemove", str(x), str(y), "click", "1")
        eventually(lambda: shape(desktop) < 1.5)
    desktop.press("Escape")
    eventually(lambda: shape(desktop) > 2)
    eventually(lambda: len(read_events(tmp_path / "events")) == 2)
    desktop.press("q")
    _, said = program.communicate(timeout=WAIT_S)
    assert program.returncode == 0, said
    assert "2 new events in events" in said
