"""A clip and a folder in the real window: seek, step, loop, the end, and Esc in full screen."""

import sys

import cv2
import numpy as np
import pytest

from end_to_end.desktop import missing_programs
from support import eventually, records, textured, write_clip

from livecam.core import text_panel
from livecam.core.screen_layer import screen_letters_px

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

RATE = 25
GREYS = [40, 90, 140, 190, 240]
"""A clip of as many parts, of three seconds each, that differ in their grey."""
PART_S = 3


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "greys.mp4"
    pictures = [
        np.full((240, 320, 3), grey, np.uint8) for grey in GREYS for _ in range(PART_S * RATE)
    ]
    return write_clip(path, pictures, [i / RATE for i in range(len(pictures))])


def grey_of(desktop):
    """The part that is shown, by a place that neither square nor texts cover."""
    picture = desktop.picture()
    height, width = picture.shape[:2]
    value = int(picture[int(0.55 * height), int(0.03 * width)].mean())
    return min(range(len(GREYS)), key=lambda n: abs(GREYS[n] - value))


def figures(path):
    return records(path.read_text()) if path.exists() else []


def test_seek_step_and_the_end_of_a_clip(desktop, start, clip, tmp_path):
    program = start(clip, "--stats", "f.jsonl")
    shown = tmp_path / "f.jsonl"
    eventually(lambda: len(figures(shown)) > 3)
    desktop.press("space")
    desktop.press("Right")
    desktop.press("Right")
    eventually(lambda: grey_of(desktop) == 3)
    # The log is written in a thread of its own, after the window has shown the picture.
    eventually(lambda: figures(shown)[-1]["time_s"] > 10)
    last = figures(shown)[-1]
    desktop.press("period")
    eventually(lambda: figures(shown)[-1]["time_s"] == pytest.approx(last["time_s"] + 1 / RATE))
    desktop.press("comma")
    eventually(lambda: figures(shown)[-1]["time_s"] == pytest.approx(last["time_s"]))
    desktop.press("Left")
    eventually(lambda: grey_of(desktop) == 1)
    for _ in range(3):
        desktop.press("Right")
    eventually(lambda: figures(shown)[-1]["time_s"] > 14.9)
    desktop.press("space")  # it plays to the end, and stays there
    eventually(lambda: grey_of(desktop) == 4)
    assert program.poll() is None
    desktop.press("Left")
    eventually(lambda: figures(shown)[-1]["time_s"] < 11)
    desktop.press("q")
    _, err = program.communicate(timeout=60)
    assert program.returncode == 0, err


def test_a_clip_loops_and_quits_where_that_is_asked_for(desktop, start, clip, tmp_path):
    program = start(clip, "--at-end", "loop", "--speed", "8", "--stats", "f.jsonl")
    times = lambda: [r["time_s"] for r in figures(tmp_path / "f.jsonl")]  # noqa: E731
    eventually(lambda: times().count(0.0) >= 2)
    desktop.press("q")
    program.communicate(timeout=60)
    program = start(clip, "--at-end", "quit", "--speed", "8")
    program.communicate(timeout=120)
    assert program.returncode == 0


def test_escape_leaves_full_screen_first(desktop, start, clip):
    program = start(clip, "--fullscreen")
    eventually(lambda: desktop.geometry()["WIDTH"] == 1100)
    desktop.press("Escape")
    eventually(lambda: desktop.geometry()["WIDTH"] < 1100)
    assert program.poll() is None
    desktop.press("Escape")
    program.communicate(timeout=60)
    assert program.returncode == 0


def test_pictures_of_a_folder_next_and_previous(desktop, start, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(4):
        cv2.imwrite(str(folder / f"{number}.png"), textured(320, 240, seed=number))
    program = start(folder, "--stats", "f.jsonl")
    names = lambda: [r["picture"][-5:-4] for r in figures(tmp_path / "f.jsonl")]  # noqa: E731
    eventually(names)
    desktop.press("space")
    seen = len(names())
    desktop.press("Right")
    eventually(lambda: len(names()) > seen)
    after = names()
    desktop.press("Left")
    eventually(lambda: len(names()) > len(after))
    assert int(names()[len(after)]) == int(after[-1]) - 1
    desktop.press("q")
    program.communicate(timeout=60)
    assert program.returncode == 0


def message_on_black(words, side_px):
    """What a window of this side has at its lower left where these words are shown."""
    canvas = np.zeros((side_px, side_px, 3), np.uint8)
    base = screen_letters_px(side_px, side_px)
    return canvas, text_panel.draw_message(canvas, words, base)


def test_the_photographs_name_and_place_are_on_the_screen(desktop, start, tmp_path):
    """Read off the window, letter by letter."""
    folder = tmp_path / "album"
    folder.mkdir()
    side_px = 480
    for name in ("owl.png", "robin.png"):
        cv2.imwrite(str(folder / name), np.zeros((side_px, side_px, 3), np.uint8))
    program = start(folder, "--no-overlay", "--no-figures")

    def shows(words):
        expected, place = message_on_black(words, side_px)
        shown = desktop.picture()
        if shown.shape[:2] != expected.shape[:2]:
            return False
        return (place.part_of(shown)[:, :, :3] == place.part_of(expected)).all()

    eventually(lambda: shows("2 / 2  robin.png"))
    assert not shows("1 / 2  robin.png")
    desktop.press("space")
    desktop.press("Left")
    eventually(lambda: shows("1 / 2  owl.png"))
    desktop.press("q")
    _, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
