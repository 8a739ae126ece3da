"""One connection to a live stream, read by FFmpeg."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.core.types import BgrImage
from livecam.native.ffmpeg_streams import read_nothing_else
from livecam.sources.decoding.colour import describe_matrix_problem
from livecam.sources.decoding.deinterlacing import Deinterlacer
from livecam.sources.decoding.geometry import GeometryReader
from livecam.sources.decoding.picture import PictureConverter
from livecam.sources.decoding.size_guard import SizeGuard
from livecam.sources.live.connection import (
    CapturedPicture,
    ConnectionLostError,
    StreamEndedError,
)
from livecam.sources.stream_errors import reason_of
from livecam.sources.video_decoder import select_video_stream

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer

READ_TIMEOUT_S = 10.0

NOTHING_DECODED = "sent nothing that can be decoded (is its beginning missing?)"

HIGHEST_RATE = 240.0
"""A sender that claims more gives its clock, not its rate (90000, 1000)."""

_ENDLESS_FORMATS = frozenset({"mpjpeg", "mjpeg", "rtsp", "rtp", "sdp", "flv"})
"""What cameras send: it has no end of its own, so an end is a loss."""

_TIMESTAMPED_FORMATS = frozenset({"rtsp", "rtp", "sdp", "mpegts", "flv"})
"""Formats whose timestamps are the sender's; FFmpeg makes up those of others."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPicture:
    """A whole picture, not yet converted.

    Attributes:
        frame: as it was decoded.
        time_s: its own time; None where it has none.
        arrived_s: when its packet arrived, on the program's clock; 0 where that is not noted.
    """

    frame: "av.VideoFrame"
    time_s: float | None
    arrived_s: float


class StreamConnection:
    """One connection to a live stream; a live.connection.Connection.

    Attributes:
        rate: average frames per second as the stream claims, None where it does not.
        has_sound: whether it has sound.
        negotiated: what cannot be shown as it is, for the user; "" where all of it can.
        is_endless: whether what it sends is of a kind that has no end of its own.
    """

    is_finite = False
    read_timeout_s = READ_TIMEOUT_S

    def __init__(
        self,
        container: "av.container.InputContainer",
        answer: "HttpAnswer | None" = None,
        *,
        limits: SizeLimits = DEFAULT_LIMITS,
        with_sound: bool = False,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection.

        `with_sound`: the packets of its first sound are read, too.

        Raises:
            TooLargeError: its pictures are larger than the limits allow.
        """
        self._container, self._answer = container, answer
        self._stream = select_video_stream(container)
        self.has_sound = bool(container.streams.audio)
        self._sound = next(iter(container.streams.audio), None) if with_sound else None
        self._size_guard = SizeGuard(self._stream, limits)
        self._read = [self._stream] if self._sound is None else [self._stream, self._sound]
        read_nothing_else(container, *self._read)
        # Threads that decode whole frames each hold one back.
        self._stream.thread_type = "SLICE"
        guessed = self._stream.average_rate or self._stream.guessed_rate
        format_names = set(container.format.name.split(","))
        claimed = float(guessed) if guessed and "mpjpeg" not in format_names else 0.0
        self.rate = claimed if 0.0 < claimed <= HIGHEST_RATE else None
        self.is_endless = bool(format_names & _ENDLESS_FORMATS)
        self._is_timestamped = bool(format_names & _TIMESTAMPED_FORMATS)
        self._packets = self._demux()
        self._decoded: deque[DecodedPicture] = deque()
        self._deinterlacer: Deinterlacer[tuple[float | None, float]] = Deinterlacer()
        self._arrived_s = 0.0
        self._has_decoded = False
        self._geometries = GeometryReader(self._stream)
        self._pictures = PictureConverter()
        self.negotiated = describe_matrix_problem(self._stream)

    def read(self) -> CapturedPicture | None:
        """The next picture; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        decoded = self._next_decoded()
        if decoded is None:
            return None
        timestamp_s = decoded.time_s if self._is_timestamped else None
        return CapturedPicture(self._converted(decoded), timestamp_s)

    def close(self) -> None:
        """Disconnect."""
        self._container.close()
        if self._answer is not None:
            self._answer.close()

    def _next_packet(self) -> "av.Packet[Any] | None":
        return next(self._packets)

    def _next_decoded(self) -> DecodedPicture | None:
        """The next picture, not yet converted; None for one that is damaged."""
        while not self._decoded:
            try:
                packet = self._next_packet()
            except StreamEndedError:
                if self._has_decoded:
                    raise
                raise ConnectionLostError(NOTHING_DECODED) from None
            if packet is not None and packet.is_corrupt:
                return None
            try:
                self._decode(packet)
            except av.error.InvalidDataError:
                if self._has_decoded:
                    return None
                # Joined between two key frames: the next one is waited for.
            except av.error.ArgumentError:
                raise ConnectionLostError(f"was lost (it {self._size_guard.refused()})") from None
        self._has_decoded = True
        return self._decoded.popleft()

    def _decode(self, packet: "av.Packet[Any] | None") -> None:
        """Add the pictures that are whole now that this packet is there; None is the end."""
        passed = self._deinterlacer.passed
        for frame in self._stream.decode(packet):
            if packet is None:  # PyAV knows the unit of time from packets only
                frame.time_base = self._stream.time_base
            self._add(passed(frame, (frame.time, self._arrived_s)))
        if packet is None:
            self._add(self._deinterlacer.rest())

    def _add(self, whole: "Iterator[tuple[av.VideoFrame, tuple[float | None, float]]]") -> None:
        self._decoded += (DecodedPicture(frame, *stamp) for frame, stamp in whole)

    def _converted(self, decoded: DecodedPicture) -> Callable[[], BgrImage]:
        frame = decoded.frame
        geometry = self._geometries.of(frame)  # now: the picture may be dropped
        try:
            self._size_guard.check(frame, geometry.pixel_aspect)
        except TooLargeError as error:
            raise ConnectionLostError(f"was lost (what it sends {error})") from None
        return lambda: self._pictures.to_bgr_image(frame, geometry)

    def _demux(self) -> "Iterator[av.Packet[Any] | None]":
        """The packets, and None at the end: then the decoder gives what it still holds."""
        try:
            for packet in self._container.demux(self._read):
                if packet.size:  # an empty one only says that the end is reached
                    yield packet
        except av.error.FFmpegError as error:
            raise ConnectionLostError(
                f"was lost ({reason_of(error, self.read_timeout_s)})"
            ) from None
        yield None
        if self.is_endless:
            raise ConnectionLostError("was lost (the sender hung up)")
        raise StreamEndedError("has ended")
