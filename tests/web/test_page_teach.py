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

CLASSES = ("red", "blue")


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


def test_classes_are_taught_by_buttons_and_keys_over_a_kill(browser, teach, tmp_path):
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
    assert len(samples_of(tmp_path, "red")) >= 3

    program, address, lines = teach("blue")
    with open_page(browser, address, expected_errors=GONE) as page:

        def look():
            page.keyboard.press("2")
            return len(samples_of(tmp_path, "blue")) >= 3

        eventually(look)
    program.terminate()
    program.wait(60)
    eventually(lambda: "livecam --model things.livecam" in "".join(lines))
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == ("red", "blue")
    assert [figure.samples for figure in found.figures] == [
        len(samples_of(tmp_path, name)) for name in CLASSES
    ]
