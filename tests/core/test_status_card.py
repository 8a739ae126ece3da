"""The status card: readable at every size, and never larger than the picture."""

from dataclasses import replace

import numpy as np
import pytest
from support import picture, textured

from livecam.core import text
from livecam.core.formatting import duration_text
from livecam.core.key_bindings import bindings_for
from livecam.core.screen_help import draw_help
from livecam.core.status_card import preview_of, status_card_of
from livecam.core.status_card_words import status_card_lines
from livecam.core.types import BgrImage, Waiting
from livecam.core.view import View

VIEW = View(class_index=0, class_cycle=(0,))
WAITING = Waiting(12.0, "rtsp://camera.example.org:8554/garden gives no picture", 7.2, 0.3)


SIZES = [(640, 480), (1920, 1080), (320, 240), (160, 120), (64, 48), (8, 6), (90, 700)]


@pytest.mark.parametrize("size", SIZES)
def test_it_has_the_size_of_the_last_picture_and_does_not_touch_it(size):
    last = textured(*size)
    before = last.copy()
    card = status_card_of(last, WAITING, recording_s=12.0)
    assert card.picture.shape == card.ground.shape == last.shape
    card.draw_layer(picture(*size))
    assert np.array_equal(last, before)


def test_the_last_picture_shines_through_dark_and_without_colour():
    last = textured(640, 480)
    card = status_card_of(last, WAITING).picture
    corner = card[:80, :80]
    assert (corner.max(axis=2) == corner.min(axis=2)).all()
    assert 0.3 < corner.mean() / last[:80, :80].mean() < 0.6
    mirrored = status_card_of(last, WAITING, view=replace(VIEW, mirror=True)).picture
    assert np.array_equal(mirrored[:80, -80:], corner[:, ::-1])


def test_before_the_first_picture_there_is_a_plain_ground():
    assert status_card_of(None, Waiting(0.0, "opening camera 0")).picture.shape == (480, 640, 3)


def test_a_recorded_card_has_neither_the_recording_time_nor_words_on_keys():
    last = textured(640, 480)
    plain = status_card_of(last, WAITING)
    recording = status_card_of(last, WAITING, recording_s=12.0)
    assert np.array_equal(recording.picture, plain.picture)
    said = [line.text for line in status_card_lines(WAITING, 100.0, on_screen=False)]
    assert said == [WAITING.reason, "waiting for 7 s, next try in 1 s"]
    on_screen = [picture(640, 480), picture(640, 480)]
    plain.draw_layer(on_screen[0])
    recording.draw_layer(on_screen[1])
    rows, columns = np.argwhere((on_screen[0] != on_screen[1]).any(axis=2)).T
    assert rows.max() < 60
    assert columns.min() > 480


def test_a_preview_has_its_line_on_the_screen():
    card = preview_of(textured(320, 240), "loading the model")
    canvas = picture(640, 480)
    card.draw_layer(canvas)
    rows, columns = np.argwhere((canvas != 90).any(axis=2)).T
    assert rows.min() > 400
    assert columns.max() < 320


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


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.9, "59 s"), (125, "2 min 5 s"), (3725, "1 h 2 min")]
)
def test_durations_in_words(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    "reason", ["x" * 16_000, "lost " * 3200, "漢" * 16_000, "\x1b[2J" * 4000], ids=ascii
)
def test_a_very_long_reason_does_not_hold_the_loop(reason, monkeypatch):
    """Measuring takes as long as drawing: it took 12 seconds for every picture."""
    measured, measure = [], text._measured_px

    def counting(words, *how):
        measured.append(len(words))
        return measure(words, *how)

    monkeypatch.setattr(text, "_measured_px", counting)
    canvas = BgrImage(np.zeros((480, 640, 3), np.uint8))
    assert status_card_of(None, Waiting(0.0, reason)).picture.shape == canvas.shape
    preview_of(canvas, reason).draw_layer(canvas.copy())
    assert 0 < sum(measured) < 60_000


@pytest.mark.parametrize("count", [3, 8, 9, 10, 11, 40, 41, 300])
@pytest.mark.parametrize("room_px", [1, 60, 200])
def test_as_much_as_fits_is_kept_of_words_that_are_too_long(count, room_px):
    words = "".join(chr(ord("a") + i % 26) for i in range(count))
    found = text.shortened(words, room_px, 12)
    kept = [words, *(f"{words[: n // 2]}...{words[len(words) - n // 2 :]}"
                     for n in range(count - 2, 6, -2))]  # fmt: skip
    fitting = [short for short in kept if text.width_px(text.Line(short), 12) <= room_px]
    assert found == (fitting[0] if fitting else kept[-1])


def test_the_keys_are_shown_on_screens_instead_of_the_words():
    last, asked = textured(640, 480), replace(VIEW, help=True)
    table = picture(640, 480)
    draw_help(table, bindings_for(is_seekable=False))
    cards = [
        status_card_of(last, WAITING, view=asked),
        status_card_of(None, WAITING, view=asked),
        preview_of(last, "loading the model", asked),
    ]
    for card in cards:
        canvas = picture(640, 480)
        card.draw_layer(canvas)
        assert np.array_equal(canvas, table)
    plain = status_card_of(last, WAITING)
    assert np.array_equal(cards[0].picture, plain.picture)  # a recording has no keys


def test_what_a_key_has_done_is_said_on_screens_alone():
    plain = status_card_of(textured(640, 480), WAITING)
    told = status_card_of(textured(640, 480), WAITING, notice="recorded a.mp4")
    assert np.array_equal(told.picture, plain.picture)
    canvases = picture(640, 480), picture(640, 480)
    plain.draw_layer(canvases[0])
    told.draw_layer(canvases[1])
    rows, _ = np.argwhere((canvases[0] != canvases[1]).any(axis=2)).T
    assert rows.min() > 400
