"""Shape of the pixels and orientation of decoded frames, both of which may change on the way."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from livecam.sources.decoding.orientation import Orientation, OrientationReader


@dataclass(frozen=True, slots=True)
class Geometry:
    """What makes a picture upright, with square pixels.

    Attributes:
        pixel_aspect: width of a stored pixel over its height, before it is turned.
        orientation: how the picture is turned.
    """

    pixel_aspect: float
    orientation: Orientation

    @property
    def is_as_stored(self) -> bool:
        """Whether the stored picture is upright, with square pixels."""
        return not self._is_stretched and self.orientation == Orientation()

    @property
    def _is_stretched(self) -> bool:
        return abs(self.pixel_aspect - 1.0) > 1e-3

    def applied(self, picture: Any) -> Any:
        """The picture, [height, width, channels], of square pixels and upright."""
        aspect = self.pixel_aspect
        if self._is_stretched:
            height, width = picture.shape[:2]
            # Always enlarged: no detail is lost.
            size = (
                (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
            )
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
        return self.orientation.upright(picture)


class GeometryReader:
    """The geometry of every frame of one stream, asked for in the order of decoding."""

    def __init__(self, stream: VideoStream) -> None:
        """`stream` is not decoded yet."""
        self._stream = stream
        self._orientations = OrientationReader()
        container = stream.sample_aspect_ratio
        self._is_set_by_container = bool(container) and container != self._codec_aspect()
        self._geometry = Geometry(float(container or 1.0), Orientation())

    def of(self, frame: VideoFrame) -> Geometry:
        """The geometry of the next frame."""
        pixel_aspect = self._geometry.pixel_aspect
        # PyAV's frames do not carry their pixels' shape. The decoder knows that of the frames
        # that it has begun with, which are later ones; it changes at key frames only.
        if frame.key_frame and not self._is_set_by_container:
            pixel_aspect = float(self._codec_aspect() or 1.0)
        orientation = self._orientations.of(frame)
        if (pixel_aspect, orientation) != (self._geometry.pixel_aspect, self._geometry.orientation):
            self._geometry = Geometry(pixel_aspect, orientation)
        return self._geometry

    def _codec_aspect(self) -> Fraction | None:
        context = self._stream.codec_context  # None where FFmpeg has no decoder
        return context.sample_aspect_ratio if context is not None else None
