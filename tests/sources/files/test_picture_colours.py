"""Pictures in any colour space: profiles, code points, gamma, linear light; all of it in sRGB."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from sources.files.picture_samples import (
    BOARD,
    PRIMARIES,
    board,
    encode_hlg,
    encode_pq,
    encode_srgb,
    fields,
    grey_profile,
    heic,
    icc_profile,
    to_linear,
    to_profile,
    with_chunk,
)
from sources.files.saved_pictures import error_of, only_picture, saved

from livecam.sources.files.picture import UnreadablePictureError, read_pictures


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
