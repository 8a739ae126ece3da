"""JPEG encoding for the stream, and the parts of the MJPEG response."""

import asyncio

import cv2
import numpy as np
from support import picture

from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming import mjpeg_response
from livecam.web.streaming.picture_stream import JpegPicture
from livecam.web.streaming.mjpeg_response import mjpeg_part, mjpeg_part_ahead


def test_a_part_of_the_stream_says_how_long_it_is():
    jpeg = encode_jpeg(picture(64, 48))
    head, _, body = mjpeg_part(jpeg).partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"--livecam-frame", b"Content-Type: image/jpeg", b"Content-Length: %d" % len(jpeg)
    ]  # fmt: skip
    assert body == jpeg + b"\r\n"


def test_a_part_with_the_next_header_ahead_ends_with_that():
    jpeg = encode_jpeg(picture(64, 48))
    header = b"--livecam-frame\r\nContent-Type: image/jpeg\r\n\r\n"
    assert mjpeg_part_ahead(jpeg) == jpeg + b"\r\n" + header


def test_a_picture_that_none_follows_is_sent_once_more(monkeypatch):
    """Browsers show a picture when the next one begins: also the last one before a pause."""
    monkeypatch.setattr(mjpeg_response, "REPEAT_AFTER_S", 0.01)
    never = asyncio.Event()

    class Paused:
        async def picture_after(self, number):
            if number:
                await never.wait()
            return JpegPicture(1, b"jpeg")

    async def sent():
        parts = mjpeg_response._parts(Paused())
        chunks = [await anext(parts) for _ in range(3)]
        await parts.aclose()
        return chunks

    assert asyncio.run(sent()) == [mjpeg_part(b"jpeg"), b"", mjpeg_part(b"jpeg")]


def test_large_pictures_are_scaled_down_for_the_stream():
    def size(jpeg):
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2]

    assert size(encode_jpeg(picture(2560, 1440))) == (720, 1280)
    assert size(encode_jpeg(picture(64, 48))) == (48, 64)
    assert size(encode_jpeg(picture(3, 5000))) == (1280, 1)
