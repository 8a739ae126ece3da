"""Tiles of cameras: each picture in its place, found again by a click."""

import numpy as np
import pytest
from support import picture

from livecam.core.watching.camera_tiles import CameraTile, draw_tiles, tile_at, tile_grid


@pytest.mark.parametrize(
    ("count", "grid"),
    [(0, (1, 1)), (1, (1, 1)), (2, (1, 2)), (3, (2, 2)), (5, (2, 3)), (9, (3, 3))],
)
def test_tiles_make_a_grid(count, grid):
    assert tile_grid(count) == grid


@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_a_click_finds_the_tile_that_is_drawn_there(count):
    tiles = [CameraTile(picture(320, 180, 20 * (n + 1)), ()) for n in range(count)]
    drawn = draw_tiles(tiles)
    height, width = drawn.shape[:2]
    for y in np.linspace(0.1, 0.9, 12):
        for x in np.linspace(0.1, 0.9, 12):
            number = tile_at(x, y, count)
            shade = int(drawn[int(y * height), int(x * width), 0])
            assert shade in (0, 20 * ((number or 0) + 1) if number is not None else 0)
    assert {tile_at(x, y, count) for x in np.linspace(0, 0.99, 20) for y in (0.1, 0.5, 0.9)} >= {0}


def test_outside_of_the_picture_is_no_tile():
    assert tile_at(-0.1, 0.5, 4) is tile_at(0.5, 1.0, 4) is tile_at(0.9, 0.9, 3) is None


def test_one_camera_alone_keeps_its_size():
    assert draw_tiles([CameraTile(picture(123, 77, 9), ())]).shape == (77, 123, 3)


def test_a_tile_without_a_picture_says_why():
    silent = draw_tiles([CameraTile(None, ()), CameraTile(None, ())])
    said = draw_tiles([CameraTile(None, ("bed", "the camera is away")), CameraTile(None, ())])
    assert silent.max() == 0
    assert said[:, : said.shape[1] // 2].max() > 200
    assert said[:, said.shape[1] // 2 :].max() == 0


def test_an_event_has_a_red_frame():
    drawn = draw_tiles([CameraTile(picture(320, 180, 50), (), is_event=True)])
    assert drawn[0, 100, 2] == 255
    assert drawn[90, 160, 2] == 50


def test_the_picture_of_a_look_is_not_drawn_upon():
    bgr = picture(320, 180, 50)
    draw_tiles([CameraTile(bgr, ("bed",), is_event=True)])
    assert (bgr == 50).all()
