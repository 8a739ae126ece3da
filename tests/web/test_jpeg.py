"""JPEG encoding for the stream, and the parts of the MJPEG response."""

import cv2
import numpy as np
from support import picture

from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming.mjpeg_response import mjpeg_part


def test_a_part_of_the_stream_ends_with_the_header_of_the_next_one():
    jpeg = encode_jpeg(picture(64, 48))
    assert mjpeg_part(jpeg) == jpeg + b"\r\n--livecam-frame\r\nContent-Type: image/jpeg\r\n\r\n"


def test_large_pictures_are_scaled_down_for_the_stream():
    def size(jpeg):
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2]

    assert size(encode_jpeg(picture(2560, 1440))) == (720, 1280)
    assert size(encode_jpeg(picture(64, 48))) == (48, 64)
    assert size(encode_jpeg(picture(3, 5000))) == (1280, 1)
