"""A picture as JPEG."""

import cv2

from livecam.core.types import BgrImage


def jpeg_of(bgr: BgrImage, quality: int) -> bytes:
    """The content of a file.

    Args:
        bgr: uint8 [height, width, 3].
        quality: 0 to 100.

    Raises:
        ValueError: a side is longer than JPEG has numbers for.
    """
    is_made, content = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_made:
        height, width = bgr.shape[:2]
        raise ValueError(f"there is no JPEG of {width} x {height}")
    return content.tobytes()
