"""Makes the picture of a decoded frame: true colours, square pixels, upright."""

from av.video.frame import VideoFrame

from livecam.core.archive.frame_part import ChoosePart
from livecam.core.types import BgrImage, CropBox
from livecam.sources.decoding.colour import ColourConverter
from livecam.sources.decoding.column_cut import Columns
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

    def part_of(
        self, frame: VideoFrame, geometry: Geometry, choose: ChoosePart
    ) -> tuple[BgrImage, CropBox, tuple[int, int]]:
        """A part of what `to_bgr_image` gives, the rest of which is not made where it need not be.

        Returns:
            The part, where it lies, and width and height of all of it in pixels.
        """
        if geometry.is_as_stored:
            width, height = frame.width, frame.height
            box = choose(width, height)
            columns = self._colours.to_bgr(frame, Columns(box.left, box.left + box.width))
            part = columns[box.top : box.top + box.height]
        else:
            whole = self.to_bgr_image(frame, geometry)
            height, width = whole.shape[:2]
            box = choose(width, height)
            part = box.part_of(whole)
        part.flags.writeable = False
        return BgrImage(part), box, (width, height)
