"""One connection to a live stream, or to a file behind an address, read by FFmpeg."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import av

from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.decoding.colour import describe_matrix_problem
from livecam.sources.decoding.geometry import GeometryReader
from livecam.sources.decoding.picture import PictureConverter
from livecam.sources.live.connection import (
    CapturedPicture,
    ConnectionLostError,
    StreamEndedError,
)
from livecam.sources.live.playout import Playout
from livecam.sources.packet_buffer import PacketBuffer
from livecam.sources.stream_errors import reason_of
from livecam.sources.video_decoder import VideoDecoder, select_video_stream

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer

READ_TIMEOUT_S = 10.0

PLAYLIST_READ_TIMEOUT_S = 30.0
"""So long may the next segment take: nothing comes while it is being made."""

MAY_PAUSE_S = 10.0
"""So long may a stream that comes in segments pause, after the pictures that wait were shown."""

NOTHING_DECODED = "sent nothing that can be decoded (is its beginning missing?)"

HIGHEST_RATE = 240.0
"""A sender that claims more gives its clock, not its rate (90000, 1000)."""

_ENDLESS_FORMATS = frozenset({"mpjpeg", "mjpeg", "rtsp", "rtp", "sdp", "flv"})
"""What cameras send: it has no end of its own, so an end is a loss."""

_TIMESTAMPED_FORMATS = frozenset({"rtsp", "rtp", "sdp", "mpegts", "flv"})
"""Formats whose timestamps are the sender's; FFmpeg makes up those of others."""


class StreamConnection:
    """One connection to a live stream; a live.connection.Connection.

    Attributes:
        rate: average frames per second as the stream claims, None where it does not.
        negotiated: what cannot be shown as it is, for the user; "" where all of it can.
    """

    is_finite = False
    read_timeout_s = READ_TIMEOUT_S

    def __init__(
        self,
        container: "av.container.InputContainer",
        title: str,
        answer: "HttpAnswer | None" = None,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection."""
        self._container, self._title, self._answer = container, title, answer
        self._stream = select_video_stream(container)
        # Threads that decode whole frames each hold one back.
        self._stream.thread_type = "SLICE"
        guessed = self._stream.average_rate or self._stream.guessed_rate
        format_names = set(container.format.name.split(","))
        claimed = float(guessed) if guessed and "mpjpeg" not in format_names else 0.0
        self.rate = claimed if 0.0 < claimed <= HIGHEST_RATE else None
        self._is_endless = bool(format_names & _ENDLESS_FORMATS)
        self._is_timestamped = bool(format_names & _TIMESTAMPED_FORMATS)
        self._packets = self._demux()
        self._decoded: list[av.VideoFrame] = []
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
        timestamp_s = decoded.time if self._is_timestamped else None
        return CapturedPicture(self._converted(decoded), timestamp_s)

    def close(self) -> None:
        """Disconnect."""
        self._container.close()
        if self._answer is not None:
            self._answer.close()

    def _next_packet(self) -> "av.Packet[Any] | None":
        return next(self._packets)

    def _next_decoded(self) -> "av.VideoFrame | None":
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
                self._decoded = list(self._stream.decode(packet))
            except av.error.InvalidDataError:
                if self._has_decoded:
                    return None
                # Joined between two key frames: the next one is waited for.
        self._has_decoded = True
        return self._decoded.pop(0)

    def _converted(self, decoded: "av.VideoFrame") -> Callable[[], BgrImage]:
        geometry = self._geometries.of(decoded)  # now: the picture may be dropped
        return lambda: self._pictures.to_bgr_image(decoded, geometry)

    def _demux(self) -> "Iterator[av.Packet[Any] | None]":
        """The packets, and None at the end: then the decoder gives what it still holds."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:  # an empty one only says that the end is reached
                    yield packet
        except av.error.FFmpegError as error:
            raise ConnectionLostError(
                f"was lost ({reason_of(error, self.read_timeout_s)})"
            ) from None
        yield None
        if self._is_endless:
            raise ConnectionLostError("was lost (the sender hung up)")
        raise StreamEndedError("has ended")


class SegmentedConnection(StreamConnection):
    """A live stream that comes in segments (HLS): shown at the pictures' own times."""

    read_timeout_s = PLAYLIST_READ_TIMEOUT_S

    def __init__(
        self,
        container: "av.container.InputContainer",
        title: str,
        answer: "HttpAnswer | None" = None,
    ) -> None:
        """The container is open; packets are read ahead from now on."""
        super().__init__(container, title, answer)
        self._buffer = PacketBuffer(self._packets)
        self._buffer.wait_for_first_burst()
        self._playout = Playout(time.perf_counter())
        self._arrived_s = 0.0

    def read(self) -> CapturedPicture | None:
        """The next picture, when it is due; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        decoded = self._next_decoded()
        if decoded is None:
            return None
        if decoded.time is None:
            return CapturedPicture(self._converted(decoded))
        due_s = self._playout.due_s(decoded.time, self._arrived_s)
        now_s = time.perf_counter()
        if due_s > now_s:
            time.sleep(due_s - now_s)
        captured_s = min(due_s, decoded.time + self._buffer.smallest_delay_s)
        return CapturedPicture(
            self._converted(decoded), captured_s=captured_s, due_s=due_s, may_pause_s=MAY_PAUSE_S
        )

    def close(self) -> None:
        """Disconnect."""
        self._buffer.close()
        super().close()

    def _next_packet(self) -> "av.Packet[Any] | None":
        arrived = self._buffer.take()
        self._arrived_s = arrived.arrived_s
        return arrived.packet


class FileConnection:
    """A file behind an address, which loses no frame; a live.connection.FiniteConnection."""

    is_finite = True

    def __init__(
        self,
        container: "av.container.InputContainer",
        title: str,
        address: str,
        answer: "HttpAnswer | None" = None,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection."""
        self._container, self._title, self._answer = container, title, answer
        self.address = address
        self._decoder = VideoDecoder(container)
        self.rate = self._decoder.rate
        self.frame_count = self._decoder.listed_frames
        self.negotiated = self._decoder.notice

    @property
    def began_s(self) -> float:
        """The file's own time of the first frame that could be decoded, 0 before."""
        return self._decoder.began_s

    def read(self) -> CapturedPicture | None:
        """A file is read frame by frame, with `frames`."""
        raise ConnectionLostError("is a file")

    def frames(self) -> Iterator[Frame]:
        """Every frame.

        Raises:
            SourceError: not a single frame could be decoded.
            SourceLostError: the sender fell silent or broke off, or what it sent is damaged.
        """
        decoder = self._decoder
        try:
            yield from decoder.frames()
        except av.error.FFmpegError as error:
            raise SourceLostError(
                f"{self._title} was lost ({reason_of(error, READ_TIMEOUT_S)}) after "
                f"{decoder.decoded_until_s:.1f} s: check the sender and the network."
            ) from None
        if not decoder.count:
            raise SourceError(f"{self._title} {NOTHING_DECODED}: check the sender.")
        loss = decoder.describe_loss()
        if loss:
            raise SourceLostError(
                f"{self._title} is incomplete: {loss}. What could be decoded was used; check the "
                "sender and the network."
            )

    def close(self) -> None:
        """Disconnect."""
        self._container.close()
        if self._answer is not None:
            self._answer.close()
