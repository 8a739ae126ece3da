"""Makes the picture of a decoded frame: true colours, square pixels, upright."""

from av.video.frame import VideoFrame

from livecam.core.types import BgrImage
from livecam.sources.decoding.colour import ColourConverter
from livecam.sources.decoding.geometry import Geometry
from livecam.sources.pixels import read_only_image


class PictureConverter:
    """Converts the frames of one stream."""

    def __init__(self) -> None:
        """What it needs is set up with the first frame and kept."""
        self._colours = ColourConverter()

    def to_bgr_image(self, frame: VideoFrame, geometry: Geometry) -> BgrImage:
        """Read-only uint8 BGR of a frame, upright, with square pixels.

        Args:
            frame: of any pixel format, colours and size.
            geometry: of this frame, from a GeometryReader.
        """
        return read_only_image(geometry.applied(self._colours.to_bgr(frame)))
