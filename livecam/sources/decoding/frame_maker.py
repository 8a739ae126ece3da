"""Makes frames of decoded pictures whose numbers and times are known, as the whole clip does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from livecam.core.archive.frame_part import ChoosePart, FramePart
from livecam.core.types import Frame
from livecam.sources.decoding.creation_time import creation_time_of
from livecam.sources.decoding.geometry import GeometryReader
from livecam.sources.decoding.loss import ExpectedContent
from livecam.sources.decoding.own_recording import is_annotated_recording
from livecam.sources.decoding.picture import PictureConverter
from livecam.sources.decoding.size_guard import SizeGuard

if TYPE_CHECKING:
    import av


@dataclass(frozen=True, slots=True, eq=False)
class FrameMaker:
    """What a container says of a stream, and frames made of what its decoder gives.

    Attributes:
        unit: numerator and denominator of the stream's unit of time, in seconds.
        expected: what the container says that it holds.
        created_at: when the first frame was taken; None where nobody knows.
        is_annotated: whether livecam has drawn its map into the pictures already.
        size_guard: refuses frames that are too large.
        geometries: shape and orientation of frames.
        pictures: their colours.
    """

    unit: tuple[int, int]
    expected: ExpectedContent
    created_at: datetime | None
    is_annotated: bool
    size_guard: SizeGuard
    geometries: GeometryReader
    pictures: PictureConverter

    @classmethod
    def of(
        cls,
        container: "av.container.InputContainer",
        stream: "av.VideoStream",
        size_guard: SizeGuard,
    ) -> "FrameMaker":
        """Of an opened container, of which nothing is decoded yet."""
        unit = stream.time_base  # a new object each time it is asked for
        return cls(
            (unit.numerator, unit.denominator) if unit else (0, 1),
            ExpectedContent(container, stream),
            creation_time_of(container, stream),
            is_annotated_recording(container),
            size_guard,
            GeometryReader(stream),
            PictureConverter(),
        )

    def seconds(self, ticks: int) -> float:
        """As sources/decoding/frame_times.py has them."""
        numerator, denominator = self.unit
        return ticks * numerator / denominator

    def part_of(
        self, decoded: "av.VideoFrame", index: int, time_s: float, choose: ChoosePart
    ) -> FramePart:
        """The chosen part of the frame that the clip as a source gives."""
        geometry = self.geometries.of(decoded)
        self.size_guard.check(decoded, geometry.pixel_aspect)
        created_at = self.created_at
        bgr, box, size_px = self.pictures.part_of(decoded, geometry, choose)
        frame = Frame(
            bgr,
            index,
            time_s,
            duration_s=self.seconds(decoded.duration or 0) or None,
            taken_at=created_at and created_at + timedelta(seconds=time_s),
            is_annotated=self.is_annotated,
        )
        return FramePart(frame, box, *size_px)
