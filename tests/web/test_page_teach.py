"""Teaching on the page: buttons and keys of classes, held; a killed program goes on."""

import re
import subprocess

import pytest

from support import eventually, program_env
from teaching_program import clip_of, samples_of, teach_command
from web.browser import open_page

from livecam.models.taught_file import read_taught_file

GONE = ("Failed to load resource", "WebSocket connection")
"""What the browser says while the program is killed, or too busy to answer in time."""

CLASSES = ("red", "blue")


@pytest.fixture
def teach(tmp_path):
    """Start `livecam teach` with the page; gives the program and the page's address."""
    started = []

    def begin(colour):
        clip = clip_of(tmp_path / f"{colour}.mp4", colour, 160)
        page = ["--no-window", "--serve", "--port", "0", "--no-token"]
        command = [*teach_command(clip, *CLASSES), *page]
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


def test_classes_are_taught_by_buttons_and_keys_over_a_kill(browser, teach, tmp_path):
    program, address = teach("red")
    with open_page(browser, address, expected_errors=GONE) as page:
        assert page.locator("#main-keys button").first.inner_text().startswith("Teach red")
        button = page.locator("#main-keys button[data-key='1']")
        button.hover()
        page.mouse.down()
        eventually(lambda: len(samples_of(tmp_path, "red")) >= 3)
        page.mouse.up()
        program.kill()
        program.wait()
    assert len(samples_of(tmp_path, "red")) >= 3

    program, address = teach("blue")
    with open_page(browser, address, expected_errors=GONE) as page:

        def look():
            page.keyboard.press("2")
            return len(samples_of(tmp_path, "blue")) >= 3

        eventually(look)
    program.terminate()
    assert "livecam --model things.livecam" in program.communicate()[1]
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == ("red", "blue")
    assert [figure.samples for figure in found.figures] == [
        len(samples_of(tmp_path, name)) for name in CLASSES
    ]
