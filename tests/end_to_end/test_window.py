"""The real window on a virtual screen: every key, the wheel, the pointer, the close button."""

import json
import shutil
import sys

import cv2
import numpy as np
import pytest

from livecam.core.text import YELLOW
from end_to_end.desktop import missing_programs
from support import eventually, probe, textured

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


@pytest.fixture(scope="module")
def photograph(tmp_path_factory):
    """A still picture: whatever changes on the screen is the key's doing."""
    path = tmp_path_factory.mktemp("still") / "picture.png"
    cv2.imwrite(str(path), textured(640, 480, 3))
    return path


def ended(program):
    """Exit code and what was said."""
    out, err = program.communicate(timeout=120)
    assert "Traceback" not in err, err
    assert "QFont" not in err, err
    return program.returncode, out, err


PLACARD_STD = 20.0
"""A status card on its dark ground varies less than this, pictures more."""


def changed_share(one, other):
    """Share of the pixels that differ clearly."""
    if one.shape != other.shape:
        return 1.0
    return float((cv2.absdiff(one, other).max(axis=2) > 12).mean())


def middle_of(picture):
    """The part in which no panel is."""
    height, width = picture.shape[:2]
    return picture[2 * height // 5 : 3 * height // 5, 2 * width // 5 : 3 * width // 5]


def settled(desktop):
    """The window's picture once two looks agree."""
    seen = [desktop.picture()]

    def still():
        seen.append(desktop.picture())
        return seen[-1].std() > PLACARD_STD and changed_share(seen[-1], seen[-2]) == 0

    eventually(still)
    return seen[-1]


def shows_change(desktop, before, area=np.s_[:]):
    """Whether the window has come to rest on another picture; half a repaint does not count."""
    one, other = desktop.picture(), desktop.picture()
    return changed_share(one, other) == 0 and changed_share(one[area], before[area]) > 0.002


SHORT_MESSAGES = """
from livecam.pipeline import screen_messages
screen_messages.SHOWN_S = 0.5
"""
"""Each key's message has to be gone before the picture can be the one before the key."""


def test_every_drawing_key_changes_the_picture_and_back(desktop, start, photograph):
    asked = ("--class", "daisy", "--class", "bee", "--act-max", "auto")
    program = start(photograph, *asked, before=SHORT_MESSAGES)
    plain = settled(desktop)
    # Key, keys that undo it, where the change must be seen (rows, columns as shares).
    everywhere = (0.0, 1.0, 0.0, 1.0)
    top_left, top_right = (0.0, 0.3, 0.0, 0.4), (0.0, 0.5, 0.5, 1.0)
    keys = [
        ("i", "i", everywhere), ("a", "a", everywhere), ("v", "v v", everywhere),
        ("o", "o", everywhere), ("m", "m", everywhere), ("h", "h", everywhere),
        ("question", "question", everywhere), ("bracketleft", "bracketright", everywhere),
        ("bracketright", "bracketleft", everywhere), ("n", "p", top_left), ("p", "n", top_left),
        ("d", "d", top_left), ("t", "t", top_right), ("space", "space", top_right),
    ]  # fmt: skip
    for key, undo, (top, bottom, left, right) in keys:
        height, width = plain.shape[:2]
        area = np.s_[
            int(top * height) : int(bottom * height), int(left * width) : int(right * width)
        ]
        desktop.press(key)
        eventually(lambda a=area: shows_change(desktop, plain, a))
        for key_back in undo.split():
            desktop.press(key_back)
        eventually(lambda: changed_share(desktop.picture(), plain) == 0)
    for _ in range(7):
        before = settled(desktop)
        desktop.press("c")
        eventually(lambda b=before: shows_change(desktop, b))
    eventually(lambda: changed_share(desktop.picture(), plain) == 0)  # also the key's message
    desktop.press("q")
    assert ended(program)[0] == 0


def test_a_key_that_is_held_does_its_work_once_unless_it_walks(
    desktop, start, photograph, tmp_path
):
    asked = ("--snapshots", "shots", "--act-max", "-100", "--opacity", "1")
    program = start(photograph, *asked, before=SHORT_MESSAGES)
    before = settled(desktop)
    desktop.hold("s", 1.5)
    desktop.press("o")  # heard after all of the others
    eventually(lambda: shows_change(desktop, before))
    assert len(list(tmp_path.glob("shots/*.png"))) == 1
    bare = middle_of(settled(desktop))
    desktop.press("o")
    eventually(lambda: changed_share(desktop.picture(), before) == 0)
    with desktop.held("bracketleft"):  # ten steps: nothing is left of the colours
        eventually(lambda: changed_share(middle_of(desktop.picture()), bare) == 0)
    desktop.press("q")
    assert ended(program)[0] == 0


def test_full_screen_fills_the_screen_and_goes_back(desktop, start, photograph):
    program = start(photograph)
    settled(desktop)
    before = desktop.geometry()
    desktop.press("f")
    eventually(lambda: desktop.geometry()["WIDTH"] == 1100 and desktop.geometry()["HEIGHT"] == 800)
    desktop.press("f")
    eventually(lambda: desktop.geometry()["WIDTH"] == before["WIDTH"])
    desktop.press("Escape")
    assert ended(program)[0] == 0


def test_the_close_button_ends_the_program(desktop, start, photograph):
    program = start(photograph)
    settled(desktop)
    desktop.click_close_button()
    code, _, err = ended(program)
    assert code == 0
    assert "1 frame; strongest" in err


def test_snapshots_annotated_and_clean(desktop, start, photograph, tmp_path):
    program = start(photograph, "--snapshots", "shots")
    settled(desktop)
    desktop.press("s")
    (annotated,) = eventually(lambda: list(tmp_path.glob("shots/livecam_*.png")))
    desktop.press("shift+s")
    (numbers,) = eventually(lambda: list(tmp_path.glob("shots/livecam_*_clean.json")))
    desktop.press("q")
    code, _, err = ended(program)
    assert code == 0
    assert str(annotated.name) in err
    clean = cv2.imread(str(numbers.with_suffix(".png")))
    assert (clean == cv2.imread(str(photograph))).all()
    assert (cv2.imread(str(annotated)) != clean).any()
    assert np.shape(json.loads(numbers.read_text())["grid"]) == (7, 7)


def test_a_class_is_chosen_by_typing_its_name_and_letters_are_no_keys_meanwhile(
    desktop, start, photograph, tmp_path
):
    program = start(photograph, "--snapshots", "shots", "--act-max", "auto")
    plain = settled(desktop)
    for key in ["slash", "q", "s", "BackSpace", "h"]:  # of these three would do something
        desktop.press(key)
    eventually(lambda: shows_change(desktop, plain))
    desktop.press("Escape")
    eventually(lambda: changed_share(desktop.picture(), plain) == 0)
    for key in ["slash", *"cardoo", "Return", "shift+s"]:
        desktop.press(key)
    (numbers,) = eventually(lambda: list(tmp_path.glob("shots/*.json")))
    desktop.press("q")
    assert ended(program)[0] == 0
    assert json.loads(numbers.read_text())["class"] == "cardoon"
    assert len(list(tmp_path.glob("shots/*.png"))) == 1


PLACE_OF_Q, PLACE_OF_S = "24", "39"


@pytest.mark.skipif(shutil.which("setxkbmap") is None, reason="setxkbmap is not installed")
@pytest.mark.parametrize("layout", ["ru", "gr"])
def test_other_layouts_by_place_and_caps_lock_is_not_shift(
    layout, desktop, start, photograph, tmp_path
):
    def snapshots(kind):
        return [p.name for p in tmp_path.glob("shots/*.png") if p.stem.endswith("_clean") == kind]

    with desktop.layout(layout):
        program = start(photograph, "--snapshots", "shots")
        settled(desktop)
        desktop.press_place(PLACE_OF_S)
        eventually(lambda: len(snapshots(kind=False)) == 1)
        desktop.press_place("Caps_Lock")
        desktop.press_place(PLACE_OF_S)
        eventually(lambda: len(snapshots(kind=False)) == 2)
        assert not snapshots(kind=True)
        desktop.press_place(PLACE_OF_Q)
        assert ended(program)[0] == 0
        desktop.run("xdotool", "key", "Caps_Lock")


def test_recording_by_key_and_classes_in_the_data(desktop, start, tmp_path):
    program = start("daisy", "--scene-size", "320x240", "--stats", "f.jsonl", "--class", "bee",
                    "--class", "daisy")  # fmt: skip
    figures = tmp_path / "f.jsonl"
    eventually(lambda: figures.exists() and figures.read_text().count("\n") > 5)
    desktop.press("r")
    (recording,) = eventually(lambda: list(tmp_path.glob("livecam_*.mp4")))
    eventually(lambda: recording.stat().st_size > 20_000)
    desktop.press("r")
    desktop.press("n")
    eventually(lambda: '"daisy"' in figures.read_text())
    desktop.press("q")
    code, _, err = ended(program)
    assert code == 0
    assert f"recorded {recording.name}" in err
    assert probe(recording).frames >= 5
    assert '"bee"' in figures.read_text().splitlines()[0]


def white_area(picture):
    """Pixels of petals."""
    return np.argwhere(picture.min(axis=2) > 190)


def test_the_wheel_zooms_and_dragging_turns_the_daisy(desktop, start):
    # A square picture: no outline, which would be as white as the petals.
    program = start("daisy", "--scene-size", "480x480", "--opacity", "0")

    def petals():
        """Their share of the window; a window that is still empty has no such share."""
        picture = desktop.picture()
        share = len(white_area(picture)) / (picture.shape[0] * picture.shape[1])
        return share if 0.01 < share < 0.7 else None

    def bar():
        """The corner with the colour bar, whose pixels no scene changes."""
        return desktop.picture()[-200:, -80:]

    def same_share(one, other):
        return (one == other).all(axis=2).mean()

    # The figures are there, and so is the bar: no longer the picture from before the model.
    eventually(lambda: (desktop.picture()[:140, :220] == YELLOW).all(axis=2).any())
    before = eventually(petals)
    bar_before = bar()
    desktop.wheel(5)
    eventually(lambda: (petals() or 0) > 1.3 * before)
    # The scene comes nearer; the picture as a whole is not magnified.
    assert same_share(bar(), bar_before) > 0.03
    desktop.wheel(-9)
    eventually(lambda: (petals() or 1) < 0.9 * before)

    def flatness():
        rows, columns = np.ptp(white_area(desktop.picture()), axis=0)
        return columns / max(1, rows)

    desktop.press("d")  # letters are white, too
    eventually(lambda: not len(white_area(desktop.picture()[:60, :150])))
    desktop.drag(0, -160)
    eventually(lambda: flatness() > 1.7)  # from the side
    desktop.drag(0, 240)
    eventually(lambda: flatness() < 1.3)  # from above
    desktop.press("q")
    assert ended(program)[0] == 0
