"""The inputs that were found by trying: each in the colours of the board, all its pictures."""

from pathlib import Path

import numpy as np
import pytest
from sources.files.picture_samples import BOARD, fields

from livecam.sources.open_source import create_source


@pytest.fixture
def cases(shared):
    if not (shared / "cases").is_dir():
        pytest.skip("the cases are missing")
    return shared / "cases"


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("folder-leaves-out/heic_named.jpg", 8),
        ("folder-leaves-out/phone/IMG_0002.HEIC", 8),
        ("icc-profile/p3.jpg", 8),
        ("radiance-hdr-dark/lin.hdr", 4),
        ("avif-turned/50_o6.avif", 8),
    ],
)
def test_one_picture_with_the_colours_of_the_board(name, tolerance, cases):
    with create_source(str(cases / name)) as source:
        (frame,) = source
    assert frame.bgr.shape == (300, 390, 3)
    assert np.abs(fields(frame.bgr) - BOARD).max() <= tolerance


def test_a_grid_of_tiles_is_one_picture(cases):
    with create_source(str(cases / "heic-grid" / "iphone.heic")) as source:
        (frame,) = source
    assert frame.bgr.shape == (1000, 1300, 3)
    assert np.abs(fields(frame.bgr) - BOARD).max() <= 8


@pytest.mark.parametrize("name", ["09_alpha_hidden_magenta.png", "10_alpha.webp"])
def test_what_transparency_hides_is_grey(name, cases):
    with create_source(str(cases / "hidden-under-alpha" / name)) as source:
        (frame,) = source
    seen = fields(frame.bgr)
    assert (seen[1, 0] == 128).all()
    assert np.abs(seen[0] - BOARD[0]).max() <= 4


@pytest.mark.parametrize(
    ("name", "times_s"),
    [
        ("61_apng.png", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ("63_anim.gif", [0.0, 0.2, 0.4, 1.4, 1.6, 1.8]),
        ("65_pages.tif", [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
    ],
)
def test_all_pictures_of_a_file(name, times_s, cases):
    with create_source(str(cases / "first-picture-only" / name)) as source:
        assert source.frame_count == 6
        frames = list(source)
    assert [frame.time_s for frame in frames] == pytest.approx(times_s)
    assert len({frame.bgr[10, 10].tobytes() for frame in frames}) > 1


def test_a_telephones_folder_is_taken_whole(cases):
    with create_source(str(cases / "folder-leaves-out" / "phone")) as source:
        names = [Path(frame.name).name for frame in source]
        assert source.notice == ""
    assert set(names) == {"IMG_0001.JPG", "IMG_0002.HEIC", "IMG_0004.MOV", "IMG_0005.GIF"}
    assert names == sorted(names)
