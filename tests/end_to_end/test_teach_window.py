"""Teaching in the real window: keys take samples, a killed program loses none and goes on."""

import subprocess
import sys
from contextlib import ExitStack

import cv2
import pytest

from end_to_end.desktop import missing_programs
from programs import started
from support import eventually, program_env
from teaching_program import COLOURS, clip_of, samples_of, teach_command

from livecam.models.taught_file import read_taught_file

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


@pytest.fixture
def teach(desktop, tmp_path):
    """Start `livecam teach` on the virtual screen; it is ended with the test."""
    programs = ExitStack()

    def begin(colour):
        command = teach_command(clip_of(tmp_path / f"{colour}.mp4", colour), *COLOURS)
        program = programs.enter_context(
            started(
                command, cwd=tmp_path, env=program_env({"DISPLAY": desktop.display}),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        eventually(lambda: desktop.window_ids() or program.poll() is not None)
        assert program.poll() is None, program.communicate()
        return program

    with programs:
        yield begin


def press_until(desktop, tmp_path, key, name, count):
    """Press a key until so many samples of its class are on the disk."""

    def look():
        desktop.press(key)
        return len(samples_of(tmp_path, name)) >= count

    eventually(look)


def test_three_classes_are_taught_by_keys_over_a_kill(desktop, teach, tmp_path):
    program = teach("red")
    press_until(desktop, tmp_path, "1", "red", 3)
    program.kill()
    program.wait(60)
    before = samples_of(tmp_path, "red")
    for file in before:
        assert cv2.imread(str(tmp_path / "things" / "red" / file)).shape == (224, 224, 3)

    program = teach("blue")
    press_until(desktop, tmp_path, "2", "blue", 3)
    desktop.press("q")
    output, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    assert "livecam --model things.livecam" in errors
    assert "no sample of white" in errors
    assert read_taught_file(tmp_path / "things.livecam").class_names == ("red", "blue", "other")
    assert set(before) <= set(samples_of(tmp_path, "red"))

    program = teach("white")
    press_until(desktop, tmp_path, "3", "white", 3)
    desktop.press("q")
    output, errors = program.communicate(timeout=120)
    found = read_taught_file(tmp_path / "things.livecam")
    assert found.class_names == ("red", "blue", "white", "other")
    assert [figure.samples for figure in found.figures[:-1]] == [
        len(samples_of(tmp_path, name)) for name in COLOURS
    ]
    assert "recognised" in output
