"""The status card: readable at every size, and never larger than the picture."""

import numpy as np
import pytest
from support import textured

from livecam.core.status_card import draw_status_card, duration_text, status_card_lines, wrapped
from livecam.core.types import Waiting

WAITING = Waiting(12.0, "rtsp://camera.example.org:8554/garden gives no picture", 7.2, 0.3)


SIZES = [(640, 480), (1920, 1080), (320, 240), (160, 120), (64, 48), (8, 6), (90, 700)]


@pytest.mark.parametrize("size", SIZES)
def test_it_has_the_size_of_the_last_picture_and_does_not_touch_it(size):
    last = textured(*size)
    before = last.copy()
    card = draw_status_card(last, WAITING, corner="REC 0:12")
    assert card.shape == last.shape
    assert np.array_equal(last, before)


def test_the_last_picture_shines_through_dark_and_without_colour():
    last = textured(640, 480)
    card = draw_status_card(last, WAITING)
    corner = card[:80, :80]
    assert (corner.max(axis=2) == corner.min(axis=2)).all()
    assert 0.3 < corner.mean() / last[:80, :80].mean() < 0.6
    mirrored = draw_status_card(last, WAITING, mirror=True)
    assert np.array_equal(mirrored[:80, -80:], corner[:, ::-1])


def test_before_the_first_picture_there_is_a_plain_ground():
    assert draw_status_card(None, Waiting(0.0, "opening camera 0")).shape == (480, 640, 3)


def test_it_says_what_how_long_and_what_next():
    said = [line.text for line in status_card_lines(WAITING, 100.0)]
    assert said[0] == WAITING.reason
    assert said[1] == "waiting for 7 s, next try in 1 s"
    for doing in ("opening it again", "its driver hangs"):
        said = [line.text for line in status_card_lines(Waiting(1.0, "x", 7.2, doing=doing), 100.0)]
        assert said[1] == f"waiting for 7 s, {doing}"
    opening = [
        line.text for line in status_card_lines(Waiting(0.0, "opening camera 0", 2.9), 100.0)
    ]
    assert opening[:2] == ["opening camera 0", "waiting for 2 s"]


def test_long_words_lose_their_middle_and_nothing_is_wider_than_its_room():
    lines = wrapped("http://camera.example.org/" + "x" * 200 + " gives no picture", 20.0)
    assert len(lines) >= 2
    assert "..." in lines[0]
    assert lines[-1].endswith("gives no picture")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.9, "59 s"), (125, "2 min 5 s"), (3725, "1 h 2 min")]
)
def test_durations_in_words(seconds, text):
    assert duration_text(seconds) == text
