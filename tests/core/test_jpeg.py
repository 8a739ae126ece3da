"""Pictures as JPEG."""

import cv2
import numpy as np
import pytest
from support import textured

from livecam.core.jpeg import jpeg_of


def test_the_quality_says_how_near_it_is():
    picture = textured(64, 48)

    def error_of(quality):
        content = np.frombuffer(jpeg_of(picture, quality), np.uint8)
        decoded = cv2.imdecode(content, cv2.IMREAD_COLOR)
        return float(np.abs(decoded.astype(float) - picture).mean())

    assert error_of(98) < error_of(80) < error_of(20)


def test_what_jpeg_has_no_numbers_for_is_said(capfd):
    with pytest.raises(ValueError, match="no JPEG of 65501 x 1"):
        jpeg_of(np.zeros((1, 65501, 3), np.uint8), 80)
    capfd.readouterr()  # OpenCV's own words
