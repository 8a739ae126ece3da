"""Teaching on the page: buttons and keys of classes, held; a killed program goes on."""

import re
import subprocess
from contextlib import ExitStack

import pytest

from programs import started
from support import eventually, program_env
from teaching_program import clip_of, samples_of, teach_command
from web.browser import open_page
from web.serving import read_lines

from livecam.models.taught_file import read_taught_file

GONE = ("Failed to load resource", "WebSocket connection")
"""What the browser says while the program is killed, or too busy to answer in time."""

CLASSES = ("red", "blue", "white")


@pytest.fixture
def teach(tmp_path):
    """Start `livecam teach` with the page; gives the program and the page's address."""
    programs = ExitStack()

    def begin(colour):
        clip = clip_of(tmp_path / f"{colour}.mp4", colour, 160)
        page = ["--no-window", "--serve", "--port", "0", "--no-token"]
        command = [*teach_command(clip, *CLASSES), *page]
        streams, lines = {"stderr": subprocess.PIPE, "text": True}, []
        program = programs.enter_context(
            started(command, cwd=tmp_path, env=program_env(), **streams)
        )
        programs.enter_context(read_lines(program, lines))
        address = eventually(lambda: re.search(r"http://\S+(?=\s)", "".join(lines)))
        return program, address[0], lines

    with programs:
        yield begin


def press_until_taken(page, tmp_path, key, name):
    """Press the key of a class on the page until three samples of it are on the disk."""

    def look():
        page.keyboard.press(key)
        return len(samples_of(tmp_path, name)) >= 3

    eventually(look)


def ended(program, lines):
    """End a program as Ctrl-C does, and wait until it has written what it has learnt."""
    program.terminate()
    program.wait(60)
    eventually(lambda: "livecam --model things.livecam" in "".join(lines))


def test_three_classes_are_taught_by_buttons_and_keys_over_a_kill(browser, teach, tmp_path):
    program, address, _ = teach("red")
    with open_page(browser, address, expected_errors=GONE) as page:
        assert page.locator("#main-keys button").first.inner_text().startswith("Teach red")
        button = page.locator("#main-keys button[data-key='1']")
        button.hover()
        page.mouse.down()
        eventually(lambda: len(samples_of(tmp_path, "red")) >= 3)
        page.mouse.up()
        program.kill()
        program.wait(60)
    before = samples_of(tmp_path, "red")
    assert len(before) >= 3

    program, address, lines = teach("blue")
    with open_page(browser, address, expected_errors=GONE) as page:
        press_until_taken(page, tmp_path, "2", "blue")
    ended(program, lines)
    assert read_taught_file(tmp_path / "things.livecam").class_names == (*CLASSES[:2], "other")

    program, address, lines = teach("white")
    with open_page(browser, address, expected_errors=GONE) as page:
        press_until_taken(page, tmp_path, "3", "white")
        # The map of what was learnt meanwhile, at the scale of all maps: a few samples that some
        # seconds gave are fitted to 36 as well as they go. Where it lies on a plain disc over noise
        # is a matter of the network below: it may know the disc by its rim.
        figures = eventually(lambda: figures_of_white(page))
        assert 9 < figures["max"] < 144, figures
    ended(program, lines)
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == (*CLASSES, "other")
    assert [figure.samples for figure in found.figures[:-1]] == [
        len(samples_of(tmp_path, name)) for name in CLASSES
    ]
    assert set(before) <= set(samples_of(tmp_path, "red"))


def figures_of_white(page):
    """The figures that the page shows, once the white thing is seen and its map is shown."""
    shown = page.evaluate("fetch('/api/state').then(answer => answer.json())")["figures"]
    return shown if shown["seen"] == shown["class"] == "white" and shown["centre"] else None
