"""JPEGs are found by their own markers, however the bytes come and whatever stands between."""

import cv2
import numpy as np
import pytest
from support import textured

from livecam.core.input_limits import TooLargeError
from livecam.sources.jpeg_splitter import JpegSplitter

JPEGS = [cv2.imencode(".jpg", textured(64, 48, seed))[1].tobytes() for seed in range(4)]
PROGRESSIVE = cv2.imencode(".jpg", textured(64, 48, 9), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1]
RESTARTS = cv2.imencode(".jpg", textured(64, 48, 8), [cv2.IMWRITE_JPEG_RST_INTERVAL, 1])[1]


def with_thumbnail(jpeg, thumbnail):
    """The thumbnail in a segment of its own, as cameras put it there with its EXIF."""
    body = b"Exif\0\0" + thumbnail
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body + jpeg[2:]


def found(received, step):
    splitter, given = JpegSplitter(1 << 24), []
    for begin in range(0, len(received), step):
        splitter.feed(received[begin : begin + step])
        while (jpeg := splitter.next()) is not None:
            given.append(jpeg)
    return given


KINDS = [
    *JPEGS,
    PROGRESSIVE.tobytes(),
    RESTARTS.tobytes(),
    with_thumbnail(JPEGS[0], JPEGS[1]),
    JPEGS[2][:-2] + b"\xff\xff" + JPEGS[2][-2:],  # a fill byte before the end
]


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    "between", [b"", b"\r\n--frame\r\nContent-Type: image/jpg\r\n\r\n", b"\0\xff"]
)
def test_whole_pictures_come_out_as_they_went_in(step, between):
    assert found(between + between.join(KINDS), step) == KINDS


def test_a_picture_comes_with_its_last_byte():
    splitter = JpegSplitter(1 << 24)
    splitter.feed(JPEGS[0][:-1])
    assert splitter.next() is None
    splitter.feed(JPEGS[0][-1:])
    assert splitter.next() == JPEGS[0]


@pytest.mark.parametrize("step", [1, 1 << 20])
def test_a_picture_that_breaks_off_takes_no_other_with_it(step):
    half = JPEGS[0][: len(JPEGS[0]) * 3 // 4]
    first, second = found(half + b"\r\n--frame\r\n\r\n" + JPEGS[1], step)
    assert first.startswith(half)
    assert second == JPEGS[1]


def test_no_bytes_confuse_it():
    noise = np.random.default_rng(5)
    for _ in range(50):
        received = bytearray(b"".join(KINDS))
        for place in noise.integers(0, len(received), 40):
            received[place] = noise.integers(0, 256)
        found(bytes(received) + b"".join(JPEGS * 40), 4096)


def test_what_never_ends_is_refused():
    splitter = JpegSplitter(1000)
    splitter.feed(b"\xff\xd8\xff\xda\0\2" + bytes(2000))
    with pytest.raises(TooLargeError, match="does not end"):
        splitter.next()
