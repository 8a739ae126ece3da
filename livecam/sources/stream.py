"""A stream or a file behind an address (RTSP, HTTP, ...). Credentials are never shown."""

import errno
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
            raise ConnectionLostError(f"was lost ({_reason(error, READ_TIMEOUT_S)})") from None
        yield None
        if self._is_endless:
            raise ConnectionLostError("was lost (the sender hung up)")
        raise StreamEndedError("has ended")


class FileConnection:
    """A file behind an address, which loses no frame; a live.connection.FiniteConnection."""

    is_finite = True
    negotiated = ""

    def __init__(self, container: "av.container.InputContainer", title: str, address: str) -> None:
        """The container is open; it is closed with the connection."""
        self._container, self._title, self.address = container, title, address
        self._decoder = VideoDecoder(container)
        self.rate = self._decoder.rate
        self.frame_count = self._decoder.listed_frames

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
                f"{self._title} was lost ({_reason(error, READ_TIMEOUT_S)}) after "
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
        SourceError: nobody answers, or what answers is not video.
    """
    title = without_credentials(address)
    scheme, _, rest = address.partition("://")
    scheme = scheme.casefold()  # FFmpeg knows small letters only
    plain = f"{scheme}://{rest}"
    container: av.container.InputContainer | None = None
    try:
        container = av.open(
            plain,
            options=_ffmpeg_options(scheme),
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        )
        if container.duration:
            return FileConnection(container, title, plain)
        return StreamConnection(container, title)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        if container is not None:
            container.close()
        raise SourceError(
            f"{title} did not open ({_reason(error, OPEN_TIMEOUT_S)}): check the address "
            "and that the sender is running."
        ) from None  # the chained error would show the password


def _ffmpeg_options(scheme: str) -> dict[str, str]:
    """RTSP over TCP, because UDP loses packets and firewalls drop it."""
    if scheme.startswith("rtsp"):
        # Half a second of analysis is enough for the size; FFmpeg would take up to five.
        return {"rtsp_transport": "tcp", "analyzeduration": "500000"}
    return {}


def _reason(error: Exception, timeout_s: float) -> str:
    if isinstance(error, av.error.ExitError):  # PyAV's timeout
        return f"no answer for {timeout_s:.0f} s"
    if getattr(error, "errno", None) == errno.EIO:
        return "the connection broke"
    if isinstance(error, av.error.InvalidDataError):
        return "what it sends is no video, or breaks off"
    return (getattr(error, "strerror", None) or "it is not video").lower()
