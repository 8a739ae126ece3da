"""Pictures of any format: all of them, upright, in sRGB, with nothing that transparency hides."""

import struct
import zlib
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from sources.files.picture_samples import (
    AS_STORED,
    BOARD,
    PRIMARIES,
    animation,
    board,
    encode_hlg,
    encode_pq,
    encode_srgb,
    fields,
    grey_profile,
    heic,
    icc_profile,
    raw_png,
    to_linear,
    to_profile,
    with_chunk,
)

from livecam.errors import SourceError
from livecam.sources.files.picture import UnreadablePictureError, count_pictures, read_pictures
from livecam.sources.open_source import create_source

EXACT = {"quality": 100, "subsampling": "4:4:4"}


def saved(path: Path, image: Image.Image | np.ndarray, **options) -> Path:
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    if path.suffix == ".jpg":
        options = {"quality": 100, "subsampling": 0} | options
    if path.suffix == ".avif":
        options = EXACT | options
    if path.suffix == ".webp":
        options = {"lossless": True, "exact": True} | options
    image.save(path, **options)
    return path


def only_picture(path: Path) -> np.ndarray:
    (picture,) = read_pictures(path)
    assert picture.bgr.dtype == np.uint8
    assert picture.bgr.flags.c_contiguous
    assert not picture.bgr.flags.writeable
    assert count_pictures(path) == 1
    return picture.bgr


def error_of(path: Path) -> int:
    """Largest difference to the board, of 255."""
    return int(np.abs(fields(only_picture(path)) - BOARD).max())


# --- formats by content ---


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


# --- orientation ---


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


# --- colours ---


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif", ".heic"])
@pytest.mark.parametrize("name", ["sRGB", "Display P3", "Adobe RGB", "ProPhoto"])
def test_profiles_are_applied(name, suffix, tmp_path):
    stored, path = to_profile(board(), name), tmp_path / f"a{suffix}"
    if suffix == ".heic":
        path.write_bytes(heic(stored, 64, profile=icc_profile(name)))
    else:
        saved(path, stored, icc_profile=icc_profile(name))
    seen = fields(only_picture(path))
    # ProPhoto has 8 bit for colours that nobody sees; dark ones differ by what YUV rounds.
    assert np.abs(seen - BOARD).mean() < 5
    assert np.abs(seen[0, 0] - BOARD[0, 0]).max() < 12
    assert np.abs(seen[1] - BOARD[1]).max() < 8


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".avif"])
def test_profiles_are_applied_under_transparency(suffix, tmp_path):
    stored = Image.fromarray(to_profile(board(), "Adobe RGB"))
    stored.putalpha(255)
    path = saved(tmp_path / f"a{suffix}", stored, icc_profile=icc_profile("Adobe RGB"))
    assert error_of(path) < 12


CODE_POINTS = {
    "Display P3": ((12, 13), lambda rgb: encode_srgb(to_linear(rgb, "Display P3"))),
    "BT.2020": ((9, 13), lambda rgb: encode_srgb(to_linear(rgb, "BT.2020"))),
    "PQ": ((9, 16), lambda rgb: encode_pq(to_linear(rgb, "BT.2020"))),
    "HLG": ((9, 18), lambda rgb: encode_hlg(to_linear(rgb, "BT.2020"))),
    "gamma 2.2": ((1, 4), lambda rgb: to_linear(rgb) ** (1 / 2.2)),
    "sRGB": ((1, 13), lambda rgb: rgb / 255),
    "nothing": ((2, 2), lambda rgb: rgb / 255),
}


@pytest.mark.parametrize("suffix", [".png", ".avif", ".heic"])
@pytest.mark.parametrize("name", CODE_POINTS)
def test_code_points_of_colours_are_followed(name, suffix, tmp_path):
    (primaries, transfer), encode = CODE_POINTS[name]
    stored, path = np.rint(255 * encode(board())).astype(np.uint8), tmp_path / f"a{suffix}"
    if suffix == ".heic":
        path.write_bytes(heic(stored, 64, code_points=(primaries, transfer)))
    else:
        encoded = saved(path, stored).read_bytes()
        if suffix == ".png":
            path.write_bytes(with_chunk(encoded, b"cICP", bytes([primaries, transfer, 0, 1])))
        else:
            at = encoded.index(b"colrnclx") + 8
            numbers = struct.pack(">HH", primaries, transfer)
            path.write_bytes(encoded[:at] + numbers + encoded[at + 4 :])
    seen = fields(only_picture(path))
    # The more colours 8 bit of YUV hold, the coarser they are where a channel is dark.
    assert np.abs(seen - BOARD).mean() < 6
    assert np.abs(seen[0, 0] - BOARD[0, 0]).max() < 10
    assert np.abs(seen[1] - BOARD[1]).max() < 10


@pytest.mark.parametrize("gamma", [1.0, 1 / 1.8, 1 / 2.2])
@pytest.mark.parametrize("name", ["sRGB", "Adobe RGB"])
def test_the_gamma_and_the_chromaticities_of_a_png_are_followed(name, gamma, tmp_path):
    # 16 bit: linear light in 8 bit has no dark colours.
    stored = np.rint(65535 * to_linear(board(), name) ** gamma).astype(np.uint16)
    encoded = cv2.imencode(".png", stored[..., ::-1])[1].tobytes()
    places = [(0.3127, 0.329), *PRIMARIES[name]]
    numbers = [round(100000 * value) for place in places for value in place]
    encoded = with_chunk(encoded, b"cHRM", struct.pack(">8I", *numbers))
    encoded = with_chunk(encoded, b"gAMA", struct.pack(">I", round(100000 * gamma)))
    (tmp_path / "a.png").write_bytes(encoded)
    assert error_of(tmp_path / "a.png") < (14 if gamma == 1.0 else 8)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"gAMA", struct.pack(">I", 0)),
        (b"gAMA", b"\0"),
        (b"cHRM", bytes(32)),
        (b"cHRM", bytes(3)),
        (b"cICP", b""),
        (b"cICP", bytes([255, 255, 0, 1])),
    ],
)
def test_a_description_that_makes_no_sense_is_of_no_account(kind, data, tmp_path):
    path = saved(tmp_path / "a.png", board())
    path.write_bytes(with_chunk(path.read_bytes(), kind, data))
    assert error_of(path) == 0


def test_a_profile_of_grey_is_applied(tmp_path):
    stored = np.full((40, 40), round(255 * (128 / 255) ** (2.2 / 1.0)), np.uint8)
    path = saved(tmp_path / "a.png", stored, icc_profile=grey_profile(1.0))
    assert np.abs(only_picture(path).astype(int) - 128).max() < 4


def test_sixteen_bit_with_a_profile_keep_their_colours(tmp_path):
    stored = to_profile(board(), "Display P3").astype(np.uint16) * 257
    encoded = cv2.imencode(".png", stored[..., ::-1])[1].tobytes()
    data = b"P3\0\0" + zlib.compress(icc_profile("Display P3"))
    (tmp_path / "a.png").write_bytes(with_chunk(encoded, b"iCCP", data))
    assert error_of(tmp_path / "a.png") < 5


def test_a_damaged_profile_is_of_no_account(tmp_path):
    path = saved(tmp_path / "a.png", board(), icc_profile=b"no profile" * 20)
    assert error_of(path) == 0


def test_ordinary_pictures_and_those_in_srgb_are_decoded_by_opencv(tmp_path, monkeypatch):
    from livecam.sources.files import pillow_pictures

    monkeypatch.setattr(pillow_pictures.PillowFile, "pictures", None)
    assert error_of(saved(tmp_path / "plain.jpg", board())) < 3
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert error_of(saved(tmp_path / "srgb.jpg", board(), icc_profile=srgb)) < 3
    assert error_of(saved(tmp_path / "plain.png", board())) == 0
    assert error_of(saved(tmp_path / "plain.webp", board())) == 0
    assert error_of(saved(tmp_path / "plain.tif", board())) == 0


def test_a_profile_of_grey_is_applied_under_transparency(tmp_path):
    stored = Image.new("LA", (40, 40), (round(255 * (128 / 255) ** 2.2), 255))
    path = saved(tmp_path / "a.png", stored, icc_profile=grey_profile(1.0))
    assert np.abs(only_picture(path).astype(int) - 128).max() < 4


def test_a_profile_whose_numbers_are_damaged_is_of_no_account(tmp_path):
    profile = bytearray(icc_profile("Display P3"))
    rng = np.random.default_rng(0)
    for _ in range(40):
        profile[rng.integers(128, len(profile))] = rng.integers(256)
        path = saved(tmp_path / "a.png", board(), icc_profile=bytes(profile))
        assert only_picture(path).shape == (120, 120, 3)


@pytest.mark.parametrize("suffix", [".hdr", ".pfm", ".tif"])
def test_linear_light_is_encoded(suffix, tmp_path):
    rgb = board().astype(np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(cv2.imencode(suffix, linear[..., ::-1].astype(np.float32))[1].tobytes())
    assert error_of(path) < 4


@pytest.mark.parametrize("suffix", [".pfm", ".tif"])
def test_linear_grey_is_encoded(suffix, tmp_path):
    linear = np.full((20, 30), 0.2159, np.float32)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(cv2.imencode(suffix, linear)[1].tobytes())
    assert np.abs(only_picture(path).astype(int) - 128).max() <= 1


def test_floats_of_another_scale_are_refused_with_the_scale(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(cv2.imencode(".tif", board().astype(np.float32))[1].tobytes())
    with pytest.raises(UnreadablePictureError, match=r"floats up to 250, and 1\.0 is white"):
        list(read_pictures(path))


# --- transparency ---


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


# --- more than one picture ---


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
