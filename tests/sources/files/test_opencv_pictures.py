"""Pictures of the ordinary kinds: upright, in three channels of eight bits, in their colours."""

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from sources.files.picture_samples import AS_STORED
from support import textured

from livecam.sources.files.timed_pictures import first_picture


def corners() -> np.ndarray:
    """60 x 40, each corner in a colour of its own: red, green, blue, white from the top left."""
    bgr = np.zeros((40, 60, 3), np.uint8)
    bgr[:20, :30], bgr[:20, 30:] = (0, 0, 255), (0, 255, 0)
    bgr[20:, 30:], bgr[20:, :30] = (255, 0, 0), (255, 255, 255)
    return bgr


def jpeg_with_orientation(path: Path, bgr: np.ndarray, orientation: int) -> Path:
    """A JPEG with the EXIF tag 0x0112 in an APP1 segment right after its start."""
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 98])[1].tobytes()
    entry = struct.pack("<HHHHHHI", 1, 0x0112, 3, 1, 0, orientation, 0)
    tiff = b"II*\x00\x08\x00\x00\x00" + entry[:2] + entry[2:6] + struct.pack("<I", 1)
    tiff += struct.pack("<HHI", orientation, 0, 0)
    body = b"Exif\x00\x00" + tiff
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:])
    return path


@pytest.mark.parametrize("orientation", AS_STORED)
def test_every_exif_orientation_is_shown_upright(orientation, tmp_path):
    stored = np.ascontiguousarray(AS_STORED[orientation](corners()))
    picture = first_picture(jpeg_with_orientation(tmp_path / "p.jpg", stored, orientation))
    assert picture.shape == (40, 60, 3)
    for y, x in ((6, 6), (6, 53), (33, 53), (33, 6)):
        assert np.abs(picture[y, x].astype(int) - corners()[y, x]).max() < 12


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (np.full((5, 4), 77, np.uint8), 77),
        (np.full((5, 4), 77 * 257, np.uint16), 77),
        (np.full((5, 4, 3), 77 * 257, np.uint16), 77),
        (np.full((5, 4, 4), (77, 77, 77, 255), np.uint8), 77),
    ],
    ids=["grey", "grey of 16 bit", "colour of 16 bit", "with transparency"],
)
def test_every_kind_of_png_becomes_uint8_in_three_channels(stored, shown, tmp_path):
    cv2.imwrite(str(tmp_path / "p.png"), stored)
    picture = first_picture(tmp_path / "p.png")
    assert (picture.shape, picture.dtype) == ((5, 4, 3), np.uint8)
    assert set(np.unique(picture)) == {shown}


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".ppm", ".tif", ".jpg", ".webp"])
def test_formats_come_back_with_their_colours(suffix, tmp_path):
    cv2.imwrite(str(tmp_path / f"p{suffix}"), textured(80, 60))
    picture = first_picture(tmp_path / f"p{suffix}")
    assert np.abs(picture.astype(int) - textured(80, 60)).mean() < 4
