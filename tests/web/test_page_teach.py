"""Teaching on the page: buttons and keys of classes, held; a killed program goes on."""

import re
import subprocess
import sys
from contextlib import ExitStack

import cv2
import numpy as np
import pytest

from programs import started
from support import eventually, program_env, write_clip
from web.browser import open_page
from web.serving import read_lines

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
    programs = ExitStack()

    def begin(colour):
        clip = clip_of(tmp_path / f"{colour}.mp4", COLOURS[colour])
        command = [sys.executable, "-m", "livecam", "teach", str(clip), "--model", "flowers"]
        command += [word for name in COLOURS for word in ("--class", name)]
        command += ["--samples", "things", "--at-end", "loop", "--threads", "1", "--no-window"]
        command += ["--serve", "--port", "0", "--no-token"]
        streams, lines = {"stderr": subprocess.PIPE, "text": True}, []
        program = programs.enter_context(
            started(command, cwd=tmp_path, env=program_env(), **streams)
        )
        programs.enter_context(read_lines(program, lines))
        address = eventually(lambda: re.search(r"http://\S+(?=\s)", "".join(lines)))
        return program, address[0], lines

    with programs:
        yield begin


def taken(tmp_path, name) -> int:
    return len(list((tmp_path / "things" / name).glob("*.png")))


def test_classes_are_taught_by_buttons_and_keys_over_a_kill(browser, teach, tmp_path):
    program, address, _ = teach("red")
    with open_page(browser, address, expected_errors=GONE) as page:
        assert page.locator("#main-keys button").first.inner_text().startswith("Teach red")
        button = page.locator("#main-keys button[data-key='1']")
        button.hover()
        page.mouse.down()
        eventually(lambda: taken(tmp_path, "red") >= 3)
        page.mouse.up()
        program.kill()
        program.wait(60)
    assert taken(tmp_path, "red") >= 3

    program, address, lines = teach("blue")
    with open_page(browser, address, expected_errors=GONE) as page:

        def look():
            page.keyboard.press("2")
            return taken(tmp_path, "blue") >= 3

        eventually(look)
    program.terminate()
    program.wait(60)
    eventually(lambda: "livecam --model things.livecam" in "".join(lines))
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == ("red", "blue")
    assert [figure.samples for figure in found.figures] == [
        taken(tmp_path, name) for name in COLOURS
    ]
