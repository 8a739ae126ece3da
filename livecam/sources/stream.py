"""A stream or a file behind an address (RTSP, HTTP, ...). Credentials are never shown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import av

from livecam.core.redaction import without_credentials
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import CameraSettings
from livecam.sources.decoding.colour import describe_matrix_problem
from livecam.sources.decoding.geometry import GeometryReader
from livecam.sources.decoding.picture import PictureConverter
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
from livecam.sources.video_decoder import VideoDecoder, select_video_stream

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 10.0

HIGHEST_RATE = 240.0
"""A sender that claims more gives its clock, not its rate (90000, 1000)."""

_ENDLESS_FORMATS = frozenset({"mpjpeg", "mjpeg", "rtsp", "rtp", "sdp", "flv"})
"""What cameras send: it has no end of its own, so an end is a loss."""

_TIMESTAMPED_FORMATS = frozenset({"rtsp", "rtp", "sdp", "mpegts", "flv"})
"""Formats whose timestamps are the sender's; FFmpeg makes up those of others."""


LARGEST_FILE_BYTES = 1 << 40
"""Some cameras promise a length that no file has, and then send without end."""

_PLAYLIST_FORMATS = frozenset({"hls", "dash"})
"""Formats of which the length of what the server sends says nothing: it is only a list."""


class StreamConnection:
    """One connection to a live stream; a live.connection.Connection.

    Attributes:
        rate: average frames per second as the stream claims, None where it does not.
        negotiated: what cannot be shown as it is, for the user; "" where all of it can.
    """

    is_finite = False

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
        self._geometries = GeometryReader(self._stream)
        self._pictures = PictureConverter()
        self.negotiated = describe_matrix_problem(self._stream)

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
        timestamp_s = decoded.time if self._is_timestamped else None
        geometry = self._geometries.of(decoded)  # now: the picture may be dropped
        return CapturedPicture(lambda: self._pictures.to_bgr_image(decoded, geometry), timestamp_s)

    def close(self) -> None:
        """Disconnect."""
        self._container.close()
        if self._answer is not None:
            self._answer.close()

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

    def __init__(
        self,
        container: "av.container.InputContainer",
        title: str,
        answer: "HttpAnswer | None" = None,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection."""
        self._container, self._title, self._answer = container, title, answer
        self._decoder = VideoDecoder(container)
        self.rate = self._decoder.rate
        self.frame_count = self._decoder.listed_frames
        self.negotiated = self._decoder.notice

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
        if self._answer is not None:
            self._answer.close()


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
    scheme, _, rest = address.partition("://")
    plain = f"{scheme.casefold()}://{rest}"  # FFmpeg knows small letters only
    try:
        return _connect_over_http(plain) if plain.startswith("http") else _open(plain)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        # The chained error would show the password.
        raise not_opened(address, error, OPEN_TIMEOUT_S) from None


def _connect_over_http(address: str) -> Connection:
    """The same over HTTP: what a web camera sends needs no FFmpeg to be taken apart."""
    from livecam.sources.http_answer import NOT_HTTP, HttpAnswer, open_http
    from livecam.sources.mjpeg import MjpegConnection

    def connection(answer: HttpAnswer) -> Connection | None:
        """None where FFmpeg is to ask for the address itself."""
        if answer.content_type.startswith("multipart/"):
            return MjpegConnection(answer, OPEN_TIMEOUT_S)
        _check_is_no_page(answer.beginning(), without_credentials(address))
        if answer.length_bytes is not None or answer.is_text():
            return None  # a file, in which it has to seek, or a playlist
        if answer.has_jpeg_first():
            return MjpegConnection(answer, OPEN_TIMEOUT_S)
        return _open(address, answer)  # some senders serve one client only

    try:
        answer = open_http(address, OPEN_TIMEOUT_S)
    except NOT_HTTP:
        return _open(address)
    connected: Connection | None = None
    try:
        connected = connection(answer)
    finally:
        if connected is None:
            answer.close()
    return connected or _open(address)


def _open(address: str, answer: "HttpAnswer | None" = None) -> Connection:
    """What FFmpeg makes of an address, or of its answer where that has come already."""
    title = without_credentials(address)
    container: av.container.InputContainer = av.open(
        answer or address,
        "r",
        options=_ffmpeg_options(address),
        timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
    )
    try:
        kind = FileConnection if _has_end(container) else StreamConnection
        return kind(container, title, answer)
    except BaseException:
        container.close()
        raise


def _check_is_no_page(beginning: bytes, title: str) -> None:
    """Raise SourceError for what is often given in the place of a stream."""
    head = beginning[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<mpd" in head:
        raise SourceError(
            f"{title} is a DASH list (.mpd), which cannot be read: give the same camera's or "
            "programme's HLS address (.m3u8), RTSP address or file."
        )
    if head.startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            f"{title} did not open (it is a web page, and no video): give the address of the "
            "stream or file that the page shows."
        )


def _has_end(container: "av.container.InputContainer") -> bool:
    """Whether it is a file, also one whose container names no duration."""
    if container.duration:
        return True
    is_length_known = 0 < container.size <= LARGEST_FILE_BYTES  # negative where unknown
    return is_length_known and not set(container.format.name.split(",")) & _PLAYLIST_FORMATS


def _ffmpeg_options(address: str) -> dict[str, str]:
    """RTSP over TCP, because UDP loses packets and firewalls drop it."""
    if address.startswith("rtsp"):
        # Half a second of analysis is enough for the size; FFmpeg would take up to five.
        return {"rtsp_transport": "tcp", "analyzeduration": "500000"}
    return {}
