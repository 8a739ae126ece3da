"""Animations, pages and previews: which pictures of a file count, and how long each is shown."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from sources.files.picture_samples import (
    animation,
    board,
    icc_profile,
    to_profile,
)
from sources.files.saved_pictures import error_of, saved

from livecam.sources.files.picture import UnreadablePictureError, count_pictures, read_pictures


DURATIONS_MS = [100, 40, 250, 70]


@pytest.mark.parametrize("suffix", [".png", ".webp", ".gif", ".avif"])
def test_an_animation_gives_all_its_pictures_with_their_durations(suffix, tmp_path):
    first, *others = animation(4)
    path = saved(
        tmp_path / f"a{suffix}", first, save_all=True, append_images=others, duration=DURATIONS_MS
    )
    seen = list(read_pictures(path))
    assert [picture.duration_s for picture in seen] == pytest.approx(
        [duration / 1000 for duration in DURATIONS_MS]
    )
    greys = [int(picture.bgr[20, 20, 1]) for picture in seen]
    assert np.abs(np.array(greys) - (40, 80, 120, 160)).max() < 3
    assert count_pictures(path) == 4
    assert all(first.bgr is not second.bgr for first, second in pairwise(seen))


def test_an_animation_without_durations_is_shown_as_browsers_do(tmp_path):
    first, *others = animation(3)
    path = saved(tmp_path / "a.gif", first, save_all=True, append_images=others, duration=0)
    assert [picture.duration_s for picture in read_pictures(path)] == [0.1] * 3


def test_the_picture_for_programs_that_know_no_animation_is_no_part_of_it(tmp_path):
    first, *others = animation(4)
    path = saved(tmp_path / "a.png", first, save_all=True, append_images=others, default_image=True)
    assert [int(picture.bgr[0, 0, 0]) for picture in read_pictures(path)] == [80, 120, 160]
    assert count_pictures(path) == 3


@pytest.mark.parametrize("mode", ["RGB", "L", "I;16"])
def test_every_page_of_a_tiff_is_a_picture(mode, tmp_path):
    pages = animation(3)
    if mode != "RGB":
        pages = [page.convert("L") for page in pages]
    if mode == "I;16":
        pages = [Image.fromarray(np.asarray(page).astype(np.uint16) * 257) for page in pages]
    path = saved(tmp_path / "a.tif", pages[0], save_all=True, append_images=pages[1:])
    seen = list(read_pictures(path))
    assert [int(picture.bgr[0, 0, 0]) for picture in seen] == [40, 80, 120]
    assert {picture.duration_s for picture in seen} == {None}
    assert count_pictures(path) == 3


def test_the_thumbnail_in_a_tiff_is_no_picture(tmp_path):
    from PIL import TiffImagePlugin

    whole, small = Image.fromarray(board()), Image.fromarray(board()).resize((30, 30))
    ifd = TiffImagePlugin.ImageFileDirectory_v2()
    ifd[254] = 1
    small.encoderinfo = {"tiffinfo": ifd}
    with TiffImagePlugin.AppendingTiffWriter(str(tmp_path / "a.tif"), new=True) as file:
        whole.save(file, format="TIFF")
        file.newFrame()
        small.save(file, format="TIFF", tiffinfo=ifd)
    (picture,) = read_pictures(tmp_path / "a.tif")
    assert picture.bgr.shape == (120, 120, 3)


def test_the_other_pictures_of_a_jpeg_are_not_taken(tmp_path):
    stored = Image.fromarray(to_profile(board(), "Display P3"))
    second = Image.new("L", (30, 30))
    path = tmp_path / "a.jpg"
    stored.save(
        path,
        format="MPO",
        save_all=True,
        append_images=[second],
        icc_profile=icc_profile("Display P3"),
        quality=100,
    )
    assert error_of(path) < 12


@pytest.mark.parametrize("suffix", [".png", ".webp", ".gif", ".avif", ".tif"])
def test_of_an_animation_that_was_cut_off_the_whole_pictures_are_given(suffix, tmp_path):
    rng = np.random.default_rng(0)
    pictures = [Image.fromarray(rng.integers(0, 255, (60, 80, 3), np.uint8)) for _ in range(6)]
    path = saved(tmp_path / f"a{suffix}", pictures[0], save_all=True, append_images=pictures[1:])
    encoded = path.read_bytes()
    path.write_bytes(encoded[: len(encoded) * 2 // 3])
    seen = []
    with pytest.raises(UnreadablePictureError):
        seen.extend(read_pictures(path))
    assert len(seen) < 6
