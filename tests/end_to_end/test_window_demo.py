"""`livecam demo` on a screen: a newcomer's window, offline, from an empty home."""

import subprocess
import sys

import numpy as np
import pytest
from end_to_end.desktop import missing_programs
from programs import started
from support import eventually, program_env

from livecam.core.text import YELLOW

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


@pytest.fixture
def demo(desktop, tmp_path):
    """The demo in a window of the virtual screen; it is ended with the test."""
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    empty = {name: str(tmp_path / "home") for name in ("HOME", "KERAS_HOME", "LIVECAM_CACHE")}
    with started(
        [sys.executable, "-m", "livecam", "demo"],
        cwd=tmp_path,
        env=program_env({"DISPLAY": desktop.display} | nowhere | empty),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        eventually(lambda: desktop.window_ids() or program.poll() is not None)
        assert program.poll() is None, program.communicate()
        yield program


def shows_a_daisy(picture):
    """White petals, a yellow disc and much green, as no status card has them."""
    blue, green, red = np.moveaxis(picture.astype(int), 2, 0)
    white = (np.minimum(np.minimum(blue, green), red) > 170).mean()
    greenish = ((green > red + 10) & (green > blue + 10)).mean()
    return white > 0.01 and greenish > 0.3


def shows_figures(picture):
    """The letters of the panel, top left."""
    return (picture[:140, :220] == YELLOW).all(axis=2).any()


def test_the_demo_opens_a_window_with_the_daisy_and_says_what_is_next(desktop, demo, tmp_path):
    eventually(lambda: shows_a_daisy(desktop.picture()))
    eventually(lambda: shows_figures(desktop.picture()))  # the model is there, too
    desktop.press("q")
    out, err = demo.communicate(timeout=60)
    assert demo.returncode == 0, err
    assert out == ""
    assert "MobileNet 0.5 flowers" in err
    camera, clip = err.strip().splitlines()[-2:]
    assert camera.startswith("livecam: next, a camera:")
    assert clip.startswith("livecam: next, a clip:")
    assert not list(tmp_path.glob("*.mp4"))  # a window is enough
