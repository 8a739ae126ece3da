"""Decodes a video container to frames: true times, colours and shapes, damage counted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.types import Frame
from livecam.native.ffmpeg_streams import read_nothing_else
from livecam.sources.decoding.colour import describe_matrix_problem
from livecam.sources.decoding.creation_time import creation_time_of
from livecam.sources.decoding.deinterlacing import Deinterlacer
from livecam.sources.decoding.frame_times import FrameClock, FrameTime, rate_of
from livecam.sources.decoding.geometry import GeometryReader
from livecam.sources.decoding.loss import Damage, ExpectedContent, Reached
from livecam.sources.decoding.own_recording import is_annotated_recording
from livecam.sources.decoding.packet_reader import PacketReader
from livecam.sources.decoding.picture import PictureConverter
from livecam.sources.decoding.size_guard import SizeGuard

av.logging.set_level(None)


_TEXT_FORMATS = frozenset({"tty", "adf", "bin", "idf", "xbin"})
"""FFmpeg draws any text file as a picture of a terminal."""


def select_video_stream(container: "av.container.InputContainer") -> "av.VideoStream":
    """The stream to show: the one marked as default, else the first; of HLS the largest.

    Raises:
        ValueError: there is no video in it, or it is text.
    """
    if container.format.name in _TEXT_FORMATS:
        raise ValueError("it is text")
    streams = container.streams.video
    pictures = [s for s in streams if not s.disposition & av.stream.Disposition.attached_pic]
    if not pictures:
        raise ValueError("it has no video")
    if container.format.name == "hls":  # variants of the same
        return max(pictures, key=_variant_size)
    marked = [s for s in pictures if s.disposition & av.stream.Disposition.default]
    return (marked or pictures)[0]


def _variant_size(stream: "av.VideoStream") -> tuple[int, int]:
    """By its pixels, then by its bits a second."""
    bit_rate = stream.metadata.get("variant_bitrate", "0")
    return stream.width * stream.height, int(bit_rate) if bit_rate.isdecimal() else 0


class VideoDecoder:
    """Decodes one opened container in order, and counts what is damaged.

    Attributes:
        stream: the one that is decoded.
        count: so many frames were given.
        skipped: so many were decoded and not given, because they come before the first wanted.
        damage: what could not be decoded so far.
        is_annotated_recording: whether livecam has drawn its map into the pictures already.
    """

    def __init__(
        self,
        container: "av.container.InputContainer",
        limits: SizeLimits = DEFAULT_LIMITS,
        *,
        zero_s: float | None = None,
    ) -> None:
        """Choose the stream of a container opened for reading; decode in threads.

        Args:
            container: at its beginning, or sought.
            limits: larger pictures are refused.
            zero_s: the container's time from which frames' times count; None for that of the
                first frame.

        Raises:
            ValueError: there is no video.
            TooLargeError: its pictures are larger than the limits allow.
        """
        self.stream = select_video_stream(container)
        self._size_guard = SizeGuard(self.stream, limits)
        if container.format.name == "hls":
            read_nothing_else(container, self.stream)
        self.stream.thread_type = "AUTO"
        self.rate = rate_of(container, self.stream)
        self.count = self.skipped = 0
        self.damage = Damage()
        self._expected = ExpectedContent(container, self.stream)
        self._reader = PacketReader(
            container, self.stream, notes_all_streams=self._expected.is_of_all_streams
        )
        self._clock = FrameClock(container, self.stream, zero_s=zero_s)
        self._geometries = GeometryReader(self.stream)
        self._pictures = PictureConverter()
        self._created_at = creation_time_of(container, self.stream)
        self.is_annotated_recording = is_annotated_recording(container)

    @property
    def listed_frames(self) -> int | None:
        """Frames that the container lists to be shown; None where it lists none."""
        return self._expected.frames

    @property
    def estimated_frames(self) -> int | None:
        """The frames that it lists, else those that its duration lets expect; None: unknown."""
        return self._expected.estimated_frames(self.rate)

    @property
    def duration_s(self) -> float | None:
        """Of the stream, from its first frame on, as the container says; None where unknown."""
        return self._expected.duration_s

    @property
    def began_s(self) -> float:
        """The container's time of the first frame that could be decoded, 0 before."""
        return self._clock.began_s

    @property
    def decoded_until_s(self) -> float:
        """When the last frame given ends, since the first."""
        return self._clock.ends_s

    @property
    def notice(self) -> str:
        """One line about what cannot be shown as it is; "" where all of it can."""
        return describe_matrix_problem(self.stream)

    def frames(self, from_s: float = 0.0) -> Iterator[Frame]:
        """Each frame once; times count from the first frame and strictly increase.

        Args:
            from_s: frames before this time are decoded, but not given.

        Raises:
            av.error.FFmpegError: the disk or the network failed, after the last frame to be had.
            TooLargeError: what comes next is larger than the limits allow.
        """
        created_at = self._created_at
        for decoded, shown in self._whole_frames():
            if shown.time_s < from_s:
                self.skipped += 1
                continue
            index = self.count
            self.count += 1
            geometry = self._geometries.of(decoded)
            self._size_guard.check(decoded, geometry.pixel_aspect)
            bgr = self._pictures.to_bgr_image(decoded, geometry)
            yield Frame(
                bgr,
                index,
                shown.time_s,
                duration_s=shown.duration_s,
                taken_at=created_at and created_at + timedelta(seconds=shown.time_s),
                is_annotated=self.is_annotated_recording,
            )
        if self._reader.broken_by is not None:
            raise self._reader.broken_by

    def describe_loss(self) -> str:
        """What is missing or damaged after the last frame, for the user; "" where nothing is."""
        reached = Reached(self.count, self.decoded_until_s, self._reader.until_s)
        return self._expected.describe_loss(reached, self.damage)

    def _whole_frames(self) -> Iterator[tuple["av.VideoFrame", FrameTime]]:
        deinterlacer: Deinterlacer[FrameTime] = Deinterlacer()
        for decoded in self._decode():
            yield from deinterlacer.passed(decoded, self._clock.next(decoded))
        yield from deinterlacer.rest()

    def _decode(self) -> Iterator["av.VideoFrame"]:
        cut_short: av.Packet[Any] | None = None
        for packet in self._reader.packets():
            if cut_short is not None:
                yield from self._decode_packet(cut_short)
            cut_short = packet if packet.is_corrupt else None
            if cut_short is None:
                yield from self._decode_packet(packet)
        # A last packet that was cut short would also damage the frames before it.
        self.damage.packets += (cut_short is not None) + self._reader.is_index_damaged
        yield from self._decode_packet(None)  # flush the decoder

    def _decode_packet(self, packet: "av.Packet[Any] | None") -> Iterator["av.VideoFrame"]:
        try:
            decoded = self.stream.decode(packet)
        except av.error.InvalidDataError:
            self.damage.packets += 1
            return
        except av.error.ArgumentError:
            raise self._size_guard.refused() from None
        for frame in decoded:
            if packet is None:  # PyAV knows the unit of time from packets only
                frame.time_base = self.stream.time_base
            self.damage.corrupt_frames += frame.is_corrupt
            yield frame
