"""JPEGs without their end mark are whole pictures; those that were cut off are damaged."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from livecam.sources.files.jpeg_end import with_end_mark
from livecam.sources.files.picture import UnreadablePictureError, read_pictures
from support import textured


def _jpeg(kind: str) -> bytes:
    options = {
        "plain": {},
        "progressive": {"progressive": True},
        "restarts": {"restart_marker_rows": 1},
        "profile": {
            "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        },
        "grey": {},
    }[kind]
    image, file = Image.fromarray(textured(300, 200)), io.BytesIO()
    (image.convert("L") if kind == "grey" else image).save(file, "JPEG", **options)
    return file.getvalue()


def _read(path, encoded):
    path.write_bytes(encoded)
    return [picture.bgr for picture in read_pictures(path)]


@pytest.mark.parametrize("missing_bytes", [1, 2])
@pytest.mark.parametrize("kind", ["plain", "progressive", "restarts", "profile", "grey"])
def test_a_jpeg_without_its_end_mark_is_the_whole_picture(kind, missing_bytes, tmp_path):
    whole = _jpeg(kind)
    (expected,) = _read(tmp_path / "whole.jpg", whole)
    (picture,) = _read(tmp_path / "p.jpg", whole[:-missing_bytes])
    np.testing.assert_array_equal(picture, expected)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9, 0.98])
@pytest.mark.parametrize("kind", ["plain", "progressive", "restarts", "profile", "grey"])
def test_a_jpeg_that_was_cut_off_stays_damaged(kind, part, tmp_path):
    whole = _jpeg(kind)
    with pytest.raises(UnreadablePictureError, match="is damaged"):
        _read(tmp_path / "p.jpg", whole[: round(len(whole) * part)])


def test_what_a_camera_adds_behind_the_end_mark_is_left_alone(tmp_path):
    whole = _jpeg("plain")
    (expected,) = _read(tmp_path / "whole.jpg", whole)
    (picture,) = _read(tmp_path / "p.jpg", whole + b"\xff\xda of another file")
    np.testing.assert_array_equal(picture, expected)


def test_a_flat_picture_that_was_cut_off_stays_damaged(tmp_path):
    whole = cv2.imencode(".jpg", np.full((400, 600, 3), 90, np.uint8))[1].tobytes()
    with pytest.raises(UnreadablePictureError, match="is damaged"):
        _read(tmp_path / "p.jpg", whole[: -len(whole) // 20])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True},
        {"restart_marker_blocks": 2},
        {"progressive": True, "restart_marker_rows": 1},
    ],
)
def test_a_jpeg_that_was_cut_off_anywhere_gets_no_end_mark(options):
    """Before, one that was cut between two scans or before a restart marker was taken as whole."""

    def decoded(jpeg):
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)

    file = io.BytesIO()
    Image.fromarray(textured(64, 48)).save(file, "JPEG", quality=60, **options)
    whole = file.getvalue()
    expected = decoded(whole)
    for size in range(2, len(whole)):
        marked = with_end_mark(whole[:size], decoded)
        if marked != whole[:size]:  # the last bits of the data may be filling
            np.testing.assert_array_equal(decoded(marked), expected, str(size))
    assert marked == whole
