"""Makes the picture of a decoded frame: true colours, square pixels, upright."""

from typing import Any

import cv2
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from livecam.core.types import BgrImage
from livecam.sources.decoding.colour import ColourConverter
from livecam.sources.pixels import read_only_image

_QUARTER_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


class PictureConverter:
    """Converts the frames of one stream."""

    def __init__(self, stream: VideoStream) -> None:
        """The stream also says which shape its pixels have."""
        self._stream = stream
        self._colours = ColourConverter()

    def to_bgr_image(self, frame: VideoFrame) -> BgrImage:
        """Read-only uint8 BGR of a frame, rotated as its metadata says, with square pixels."""
        bgr: Any = self._colours.to_bgr(frame)
        aspect = pixel_aspect_ratio(self._stream)
        if abs(aspect - 1.0) > 1e-3:
            height, width = bgr.shape[:2]
            # Always enlarged: no detail is lost.
            size = (
                (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
            )
            bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_CUBIC)
        turn = round(frame.rotation / 90) * 90 % 360
        if turn:
            bgr = cv2.rotate(bgr, _QUARTER_TURNS[turn])
        return read_only_image(bgr)


def pixel_aspect_ratio(stream: VideoStream) -> float:
    """Width of a pixel over its height."""
    aspect = stream.sample_aspect_ratio
    return float(aspect) if aspect else 1.0
