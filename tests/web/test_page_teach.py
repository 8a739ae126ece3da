"""Teaching on the page: buttons and keys of classes, held; a killed program goes on."""

import re
import subprocess
import sys

import cv2
import numpy as np
import pytest

from support import eventually, program_env, write_clip
from web.browser import open_page

from livecam.models.taught_file import read_taught_file

GONE = ("Failed to load resource", "WebSocket connection")
"""What the browser says while the program is killed, or too busy to answer in time."""

COLOURS = {"red": (30, 30, 220), "blue": (220, 60, 30)}


def clip_of(path, colour):
    """Two seconds of a round thing that moves about, over noise."""
    rng, pictures = np.random.default_rng(1), []
    for n in range(20):
        bgr = rng.integers(60, 120, (160, 160, 3), np.uint8)
        cv2.circle(bgr, (60 + 2 * n, 80), 45, colour, -1)
        pictures.append(bgr)
    return write_clip(path, pictures, [n / 10 for n in range(20)])


@pytest.fixture
def teach(tmp_path):
    """Start `livecam teach` with the page; gives the program and the page's address."""
    started = []

    def begin(colour):
        clip = clip_of(tmp_path / f"{colour}.mp4", COLOURS[colour])
        command = [sys.executable, "-m", "livecam", "teach", str(clip), "--model", "flowers"]
        command += [word for name in COLOURS for word in ("--class", name)]
        command += ["--samples", "things", "--at-end", "loop", "--threads", "1", "--no-window"]
        command += ["--serve", "--port", "0", "--no-token"]
        program = subprocess.Popen(
            command, cwd=tmp_path, env=program_env(), stderr=subprocess.PIPE, text=True
        )
        started.append(program)
        found = (re.search(r"http://\S+", line) for line in program.stderr)
        return program, next(match[0] for match in found if match)

    yield begin
    for program in started:
        program.kill()
        program.wait()
        program.stderr.close()


def taken(tmp_path, name) -> int:
    return len(list((tmp_path / "things" / name).glob("*.png")))


def test_classes_are_taught_by_buttons_and_keys_over_a_kill(browser, teach, tmp_path):
    program, address = teach("red")
    with open_page(browser, address, expected_errors=GONE) as page:
        assert page.locator("#main-keys button").first.inner_text().startswith("Teach red")
        button = page.locator("#main-keys button[data-key='1']")
        button.hover()
        page.mouse.down()
        eventually(lambda: taken(tmp_path, "red") >= 3)
        page.mouse.up()
        program.kill()
        program.wait()
    assert taken(tmp_path, "red") >= 3

    program, address = teach("blue")
    with open_page(browser, address, expected_errors=GONE) as page:

        def look():
            page.keyboard.press("2")
            return taken(tmp_path, "blue") >= 3

        eventually(look)
    program.terminate()
    assert "livecam --model things.livecam" in program.communicate()[1]
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == ("red", "blue")
    assert [figure.samples for figure in found.figures] == [
        taken(tmp_path, name) for name in COLOURS
    ]
