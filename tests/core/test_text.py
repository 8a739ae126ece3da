"""Drawings made once look like drawings made on the spot, in any thread."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from support import textured

from livecam.core import text, text_panel
from livecam.core.types import BgrImage

LINES = [text.Line("daisy 98 %", text.WHITE, 1.35, text.BOLD), text.Line("max 31", text.YELLOW)]


def test_a_stamp_leaves_on_any_picture_what_the_drawing_leaves():
    def draw(picture: BgrImage) -> None:
        text_panel.draw_panel(picture, LINES, 4, 4, 20)

    stamp = text.stamp_of(draw, 300, 100)
    for seed in range(3):
        drawn, stamped = textured(400, 200, seed), textured(400, 200, seed)
        draw(drawn[20:120, 30:330])
        stamp.put(stamped, 30, 20)
        assert np.abs(drawn.astype(int) - stamped).max() <= 3  # letters' edges round twice
        assert (stamped[:20] == drawn[:20]).all()
        assert (stamped[:, 330:] == drawn[:, 330:]).all()


def test_letters_grow_with_the_frame():
    assert text.base_size_px(1280, 720) == 2 * text.base_size_px(640, 360)
    assert text.base_size_px(20, 20) >= 10


def test_long_words_lose_their_middle_and_nothing_is_wider_than_its_room():
    lines = text.wrapped("http://camera.example.org/" + "x" * 200 + " gives no picture", 20.0)
    assert len(lines) >= 2
    assert "..." in lines[0]
    assert lines[-1].endswith("gives no picture")


def test_two_threads_that_write_at_the_same_time_draw_what_one_draws_alone():
    """A snapshot's thread, say, and the loop's."""
    both = [text.Line("daisy 97.5 %", weight=weight) for weight in (text.REGULAR, text.BOLD)]

    def drawn(line: text.Line) -> BgrImage:
        picture = BgrImage(np.zeros((60, 300, 3), np.uint8))
        text.draw_line(picture, line, 5, 40, 24)
        return picture

    def differing(line: text.Line, alone: BgrImage) -> int:
        return sum(bool((drawn(line) != alone).any()) for _ in range(500))

    alone = [drawn(line) for line in both]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(differing, both, alone)) == [0, 0]
