"""A stream or a file behind an address (RTSP, HTTP, ...). Credentials are never shown."""

from collections.abc import Iterator
from typing import Any

import av
from av.video.reformatter import VideoReformatter

from livecam.core.redaction import without_credentials
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import CameraSettings
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.connection import (
    CapturedPicture,
    Connection,
    ConnectionLostError,
    StreamEndedError,
)
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions
from livecam.sources.stream_errors import not_opened, reason_of
from livecam.sources.video_decoder import (
    VideoDecoder,
    pixel_aspect_ratio,
    select_video_stream,
    to_bgr_image,
)

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 10.0

HIGHEST_RATE = 240.0
"""A sender that claims more gives its clock, not its rate (90000, 1000)."""

_ENDLESS_FORMATS = frozenset({"mpjpeg", "mjpeg", "rtsp", "rtp", "sdp", "flv"})
"""What cameras send: it has no end of its own, so an end is a loss."""

_TIMESTAMPED_FORMATS = frozenset({"rtsp", "rtp", "sdp", "mpegts", "flv"})
"""Formats whose timestamps are the sender's; FFmpeg makes up those of others."""


_PLAYLIST_FORMATS = frozenset({"hls", "dash", "mpjpeg"})
"""Formats of which the length of what the server sends says nothing: it is only a list."""

_LARGEST_FILE_BYTES = 1 << 40
"""Some cameras promise a length that no file has, and then send without end."""


class StreamConnection:
    """One connection to a live stream; a live.connection.Connection.

    Attributes:
        rate: average frames per second as the stream claims, None where it does not.
    """

    is_finite = False
    negotiated = ""

    def __init__(self, container: "av.container.InputContainer", title: str) -> None:
        """The container is open; it is closed with the connection."""
        self._container, self._title = container, title
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
        self._converter = VideoReformatter()

    def read(self) -> CapturedPicture | None:
        """The next picture; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        while not self._decoded:
            packet = next(self._packets)
            if packet is not None and packet.is_corrupt:
                return None
            try:
                self._decoded = list(self._stream.decode(packet))
            except av.error.InvalidDataError:
                return None
        decoded = self._decoded.pop(0)
        aspect = pixel_aspect_ratio(self._stream)
        timestamp_s = decoded.time if self._is_timestamped else None
        return CapturedPicture(lambda: to_bgr_image(decoded, aspect, self._converter), timestamp_s)

    def close(self) -> None:
        """Disconnect."""
        self._container.close()

    def _demux(self) -> "Iterator[av.Packet[Any] | None]":
        """The packets, and None at the end: then the decoder gives what it still holds."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:  # an empty one only says that the end is reached
                    yield packet
        except av.error.FFmpegError as error:
            raise ConnectionLostError(f"was lost ({reason_of(error, READ_TIMEOUT_S)})") from None
        yield None
        if self._is_endless:
            raise ConnectionLostError("was lost (the sender hung up)")
        raise StreamEndedError("has ended")


class FileConnection:
    """A file behind an address, which loses no frame; a live.connection.FiniteConnection."""

    is_finite = True
    negotiated = ""

    def __init__(self, container: "av.container.InputContainer", title: str) -> None:
        """The container is open; it is closed with the connection."""
        self._container, self._title = container, title
        self._decoder = VideoDecoder(container)
        self.rate = self._decoder.rate
        self.frame_count = self._decoder.listed_frames

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
            raise SourceError(f"{self._title} sent no frame that can be decoded: check the sender.")
        loss = decoder.describe_loss()
        if loss:
            raise SourceLostError(
                f"{self._title} is incomplete: {loss}. What could be decoded was used; check the "
                "sender and the network."
            )

    def close(self) -> None:
        """Disconnect."""
        self._container.close()


def create_stream_source(
    address: str,
    requested: CameraSettings | None = None,
    *,
    system: ClockAndThreads = SYSTEM,
) -> LiveSource:
    """A stream, or a file behind an address, as a source, not yet opened."""
    requested = requested or CameraSettings()
    return LiveSource(
        without_credentials(address),
        lambda: connect(address),
        ReadingOptions(requested.latency == "every", requested.give_up),
        advice=lambda: "check the sender and the network",
        system=system,
    )


def connect(address: str) -> Connection:
    """Connect once: to a live stream, or to a file (a FiniteConnection).

    Raises:
        SourceAbsentError: nobody answers, or the sender says that the camera is not there.
        SourceError: it is refused, or what answers is not video.
    """
    title = without_credentials(address)
    scheme, _, rest = address.partition("://")
    scheme = scheme.casefold()  # FFmpeg knows small letters only
    container: av.container.InputContainer | None = None
    try:
        container = av.open(
            f"{scheme}://{rest}",
            options=_ffmpeg_options(scheme),
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        )
        return (FileConnection if _has_end(container) else StreamConnection)(container, title)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        if container is not None:
            container.close()
        # The chained error would show the password.
        raise not_opened(address, error, OPEN_TIMEOUT_S) from None


def _has_end(container: "av.container.InputContainer") -> bool:
    """Whether it is a file, also one whose container names no duration."""
    if container.duration:
        return True
    is_length_known = 0 < container.size <= _LARGEST_FILE_BYTES  # negative where unknown
    return is_length_known and not set(container.format.name.split(",")) & _PLAYLIST_FORMATS


def _ffmpeg_options(scheme: str) -> dict[str, str]:
    """RTSP over TCP, because UDP loses packets and firewalls drop it."""
    if scheme.startswith("rtsp"):
        # Half a second of analysis is enough for the size; FFmpeg would take up to five.
        return {"rtsp_transport": "tcp", "analyzeduration": "500000"}
    return {}
