"""Pictures of any format: all of them, upright, with nothing that transparency hides."""

import struct

import numpy as np
import pytest
from PIL import Image
from sources.files.picture_samples import (
    AS_STORED,
    BOARD,
    board,
    fields,
    heic,
    icc_profile,
    raw_png,
    to_profile,
)
from sources.files.saved_pictures import error_of, only_picture, saved

from livecam.errors import SourceError
from livecam.sources.files.picture import UnreadablePictureError, read_pictures
from livecam.sources.open_source import create_source


@pytest.mark.parametrize("tile_px", [None, 64], ids=["one item", "a grid"])
@pytest.mark.parametrize("name", ["a.heic", "A.HEIF", "photo.jpg", "no-ending"])
def test_a_heic_is_read_whole_whatever_its_name_and_its_tiles(tile_px, name, tmp_path):
    (tmp_path / name).write_bytes(heic(board(), tile_px))
    assert only_picture(tmp_path / name).shape == (120, 120, 3)
    assert error_of(tmp_path / name) < 6


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".tif", ".gif", ".bmp"])
def test_the_name_of_a_picture_does_not_matter(suffix, tmp_path):
    lying = saved(tmp_path / f"a{suffix}", board()).rename(tmp_path / "b.ppm")
    assert error_of(lying) < 6


def test_a_file_that_macos_keeps_beside_a_picture_is_not_damaged_but_foreign(tmp_path):
    path = tmp_path / "._a.jpg"
    path.write_bytes(b"\0\x05\x16\x07\0\2\0\0" + bytes(4088))
    with pytest.raises(UnreadablePictureError, match="macOS") as caught:
        next(read_pictures(path))
    assert caught.value.is_foreign


@pytest.mark.parametrize("orientation", AS_STORED)
@pytest.mark.parametrize(
    ("suffix", "mode", "profile"),
    [
        (".avif", "RGB", None),
        (".avif", "RGBA", None),
        (".jpg", "RGB", "Display P3"),
        (".png", "RGBA", None),
        (".png", "RGB", "Display P3"),
        (".webp", "RGBA", None),
        (".tif", "RGBA", None),
    ],
)
def test_what_opencv_does_not_read_is_upright_too(suffix, mode, profile, orientation, tmp_path):
    upright = np.ascontiguousarray(board()[:, :80])
    stored = to_profile(upright, profile) if profile else upright
    stored = Image.fromarray(np.ascontiguousarray(AS_STORED[orientation](stored))).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    icc = {"icc_profile": icc_profile(profile)} if profile else {}
    picture = only_picture(saved(tmp_path / f"a{suffix}", stored, exif=exif, **icc))
    assert picture.shape == (120, 80, 3)
    assert np.abs(picture[20, 20, ::-1].astype(int) - (220, 30, 30)).max() < 8
    assert np.abs(picture[100, 20, ::-1].astype(int) - (30, 190, 190)).max() < 8
    assert np.abs(picture[20, 60, ::-1].astype(int) - (30, 200, 40)).max() < 8


@pytest.mark.parametrize("tile_px", [None, 64])
@pytest.mark.parametrize("quarter_turns", range(4))
@pytest.mark.parametrize("mirror", [None, 0, 1])
def test_a_heic_is_turned_and_mirrored_as_it_says(quarter_turns, mirror, tile_px, tmp_path):
    stored = np.ascontiguousarray(board()[:, :80])
    path = tmp_path / "a.heic"
    path.write_bytes(heic(stored, tile_px, quarter_turns=quarter_turns, mirror=mirror))
    shown = np.rot90(stored, quarter_turns)
    shown = {None: shown, 0: shown[::-1], 1: shown[:, ::-1]}[mirror]
    picture = only_picture(path)
    assert picture.shape == shown.shape
    assert np.abs(picture[..., ::-1].astype(int) - shown).mean() < 4


def see_through(mode: str) -> Image.Image:
    """Left magenta that is not to be seen, in the middle half of white, right green."""
    rgba = np.zeros((30, 90, 4), np.uint8)
    rgba[:, :30], rgba[:, 30:60] = (255, 0, 255, 0), (255, 255, 255, 128)
    rgba[:, 60:] = (0, 200, 0, 255)
    if mode in {"RGBA", "PA"}:
        return Image.fromarray(rgba)
    if mode == "LA":
        return Image.fromarray(rgba[..., [1, 3]], "LA")
    palette = Image.fromarray(rgba[..., :3]).quantize(4)
    palette.info["transparency"] = palette.getpixel((5, 5))
    return palette


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [
        (".png", "RGBA"),
        (".png", "LA"),
        (".png", "P"),
        (".webp", "RGBA"),
        (".tif", "RGBA"),
        (".tif", "LA"),
        (".avif", "RGBA"),
        (".gif", "P"),
        (".jp2", "RGBA"),
    ],
)
def test_transparent_pixels_are_mid_grey(suffix, mode, tmp_path):
    image = see_through(mode)
    options = {"irreversible": False} if suffix == ".jp2" else {}
    if mode == "P":
        options["transparency"] = image.info["transparency"]
    picture = only_picture(saved(tmp_path / f"a{suffix}", image, **options)).astype(int)
    assert np.abs(picture[15, 10] - 128).max() < 3
    assert np.abs(picture[15, 45] - (255 if mode == "P" else 191)).max() < 4
    green = (200, 200, 200) if mode == "LA" else (0, 200, 0)
    assert np.abs(picture[15, 75] - green).max() < 4


def test_a_single_colour_that_a_png_makes_transparent_is_mid_grey(tmp_path):
    path = saved(tmp_path / "a.png", board(), transparency=(220, 30, 30))
    seen = fields(only_picture(path))
    assert (seen[0, 0] == 128).all()
    assert (seen[0, 1:] == BOARD[0, 1:]).all()


def test_a_bitmap_with_an_alpha_mask_hides_its_transparent_pixels(tmp_path):
    pixels = np.array(see_through("RGBA"))[::-1, :, [2, 1, 0, 3]]
    height, width = pixels.shape[:2]
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, pixels.size, 0, 0, 0, 0)
    info = (info + masks + b"BGRs").ljust(108, b"\0")
    head = b"BM" + struct.pack("<IHHI", 14 + 108 + pixels.size, 0, 0, 14 + 108)
    (tmp_path / "a.bmp").write_bytes(head + info + pixels.tobytes())
    picture = only_picture(tmp_path / "a.bmp").astype(int)
    assert np.abs(picture[15, 10] - 128).max() < 3
    assert np.abs(picture[15, 75] - (0, 200, 0)).max() < 4


@pytest.mark.parametrize("name", ["a.heic", "a.avif", "a.gif"])
def test_a_damaged_picture_is_told_with_its_format(name, tmp_path):
    path = tmp_path / name
    if name == "a.heic":
        path.write_bytes(heic(board()))
    else:
        saved(path, board())
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnreadablePictureError, match=name[2:].upper()):
        list(read_pictures(path))


def test_a_png_without_pixels_is_damaged(tmp_path):
    header = struct.pack(">IIBBBBB", 8, 8, 8, 6, 0, 0, 0)
    (tmp_path / "a.png").write_bytes(raw_png([(b"IHDR", header), (b"IEND", b"")]))
    with pytest.raises(UnreadablePictureError, match="is damaged"):
        list(read_pictures(tmp_path / "a.png"))


FOREIGN = {
    "a.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "b.svg": b"<?xml version='1.0'?><!--" + b"x" * 600 + b"--><svg/>",
    "a.jxl": b"\xff\x0a" + bytes(30),
    "b.jpg": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(30),
    "a.pdf": b"%PDF-1.7\n",
    "a.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "a.xcf": b"gimp xcf v011\0",
    "a.jxr": b"II\xbc\x01" + bytes(30),
    "a.djvu": b"AT&TFORM" + bytes(30),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_format_that_cannot_be_read_is_named_with_the_way_out(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(FOREIGN[name])
    source = create_source(str(path))
    with (
        pytest.raises(SourceError, match=r"is a .*, which cannot be read: give a \.jpg, \.png"),
        source,
    ):
        list(source)
