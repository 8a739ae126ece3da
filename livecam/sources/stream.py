"""A stream or a file behind an address (RTSP, HTTP, ...). Credentials are never shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.decoding.size_guard import size_options
from livecam.sources.file_over_http import FileConnection
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.connection import Connection
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions
from livecam.sources.segmented_connection import PLAYLIST_READ_TIMEOUT_S, SegmentedConnection
from livecam.sources.stream_connection import READ_TIMEOUT_S, StreamConnection
from livecam.sources.stream_errors import not_opened

if TYPE_CHECKING:
    from io import BytesIO

    from livecam.sources.http_answer import HttpAnswer

OPEN_TIMEOUT_S = 10.0

LARGEST_FILE_BYTES = 1 << 40
"""Some cameras promise a length that no file has, and then send without end."""

_MAY_BE_FILE = (
    "its server does not tell how long it is, so it is read as live, newest pictures first: where "
    "it is a file, --latency every takes all of it"
)

_MOTION_JPEG_SUFFIXES = (".mjpeg", ".mjpg")
"""What so begins and so ends is a clip; anything else that begins with a JPEG is a camera's."""

_PLAYLIST_FORMATS = frozenset({"hls", "dash"})
"""Formats of which the length of what the server sends says nothing: it is only a list."""


MakeConnection = Callable[["av.container.InputContainer", "HttpAnswer | None"], Connection | None]
"""Makes another connection than the usual one of what was opened; None where it is not for that."""


def create_stream_source(
    address: str,
    requested: CameraSettings | None = None,
    limits: SizeLimits = DEFAULT_LIMITS,
    *,
    make_connection: MakeConnection | None = None,
    system: ClockAndThreads = SYSTEM,
) -> LiveSource:
    """A stream, or a file behind an address, as a source, not yet opened.

    `make_connection` is asked first, of what is live and read by FFmpeg.
    """
    requested = requested or CameraSettings()
    every_frame = requested.latency == "every"
    return LiveSource(
        without_credentials(address),
        lambda: connect(
            address, every_frame=every_frame, limits=limits, make_connection=make_connection
        ),
        ReadingOptions(every_frame, requested.give_up),
        advice=lambda: "check the sender and the network",
        system=system,
    )


@dataclass(frozen=True, slots=True)
class _Request:
    """What is opened: an address as FFmpeg understands it, and how it is to be read."""

    address: str
    every_frame: bool
    limits: SizeLimits
    make_connection: MakeConnection | None = None

    @property
    def title(self) -> str:
        """The address without its credentials."""
        return without_credentials(self.address)

    def own_connection(
        self, container: "av.container.InputContainer", answer: "HttpAnswer | None" = None
    ) -> Connection | None:
        """The one that `make_connection` makes; None where it makes none."""
        return self.make_connection(container, answer) if self.make_connection else None


def connect(
    address: str,
    *,
    every_frame: bool = False,
    limits: SizeLimits = DEFAULT_LIMITS,
    make_connection: MakeConnection | None = None,
) -> Connection:
    """Connect once: to a live stream, or to a file (a FiniteConnection).

    Args:
        address: with its scheme, perhaps with user and password.
        every_frame: whether every picture of what is live is wanted, however late.
        limits: what is larger is refused.
        make_connection: see create_stream_source.

    Raises:
        SourceAbsentError: nobody answers, or the sender says that the camera is not there.
        SourceError: it is refused, or what answers is not video, or too large.
    """
    scheme, _, rest = address.partition("://")
    # FFmpeg knows small letters only.
    request = _Request(f"{scheme.casefold()}://{rest}", every_frame, limits, make_connection)
    is_http = request.address.startswith("http")
    try:
        return _connect_over_http(request) if is_http else _open(request)
    except TooLargeError as error:
        raise SourceError(f"{request.title} {error}: {limits.advice}.") from None
    except (av.error.FFmpegError, ValueError, OSError) as error:
        # The chained error would show the password.
        raise not_opened(address, error, OPEN_TIMEOUT_S) from None


def _connect_over_http(request: _Request) -> Connection:
    """The same over HTTP: what a web camera sends needs no FFmpeg to be taken apart."""
    from livecam.sources.http_answer import NOT_HTTP, HttpAnswer, open_http
    from livecam.sources.mjpeg import MjpegConnection

    def connection(answer: HttpAnswer) -> Connection | None:
        """None where FFmpeg is to ask for the address itself."""
        if answer.content_type.startswith("multipart/"):
            return MjpegConnection(answer, OPEN_TIMEOUT_S, limits=request.limits)
        _check_is_no_page(answer.beginning(), request.title)
        if answer.length_bytes is not None or answer.is_text():
            return None  # a file, in which it has to seek, or a playlist
        is_camera = answer.has_jpeg_first()
        may_be_clip = answer.name.casefold().endswith(_MOTION_JPEG_SUFFIXES)
        is_file = (may_be_clip or not is_camera) and answer.comes_at_once()
        if is_camera and not is_file:
            return MjpegConnection(answer, OPEN_TIMEOUT_S, limits=request.limits)
        return _open_answer(request, answer, is_file=is_file)

    try:
        answer = open_http(request.address, OPEN_TIMEOUT_S)
    except NOT_HTTP:
        return _open(request)
    connected: Connection | None = None
    try:
        connected = connection(answer)
        is_playlist = connected is None and answer.beginning().startswith(b"#EXTM3U")
        if is_playlist:
            answer.read_list(request.limits.part_bytes)
    finally:
        if connected is None:
            answer.close()
    timeout_s = PLAYLIST_READ_TIMEOUT_S if is_playlist else READ_TIMEOUT_S
    return connected or _open(request, read_timeout_s=timeout_s)


def _open(request: _Request, *, read_timeout_s: float = READ_TIMEOUT_S) -> Connection:
    """What FFmpeg makes of an address."""
    container = _open_container(request, request.address, read_timeout_s)
    with _closed_on_error(container):
        if _has_end(container):
            return FileConnection(container, request.title, request.address, limits=request.limits)
        if (own := request.own_connection(container)) is not None:
            return own
        if set(container.format.name.split(",")) & _PLAYLIST_FORMATS:
            return SegmentedConnection(
                container, every_frame=request.every_frame, limits=request.limits
            )
        return StreamConnection(container, limits=request.limits)


def _open_answer(request: _Request, answer: "HttpAnswer", *, is_file: bool) -> Connection:
    """What FFmpeg makes of an answer of unknown length; some senders serve one client only."""
    whole = answer.whole()
    container = _open_container(request, whole or answer, READ_TIMEOUT_S)
    with _closed_on_error(container):
        if is_file or _has_end(container):
            return FileConnection(
                container, request.title, request.address, answer, limits=request.limits
            )
        if (own := request.own_connection(container, answer)) is not None:
            return own
        connection = StreamConnection(container, answer, limits=request.limits)
        if not (connection.is_endless or request.every_frame):
            connection.negotiated = "; ".join(filter(None, (connection.negotiated, _MAY_BE_FILE)))
        return connection


def _open_container(
    request: _Request, what: "str | HttpAnswer | BytesIO", read_timeout_s: float
) -> "av.container.InputContainer":
    return av.open(
        what,
        "r",
        options=_ffmpeg_options(request.address) | size_options(request.limits),
        timeout=(OPEN_TIMEOUT_S, read_timeout_s),
    )


@contextmanager
def _closed_on_error(container: "av.container.InputContainer") -> Iterator[None]:
    """Close a container where what is made of it fails."""
    try:
        yield
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
    """RTSP over TCP, because UDP loses packets; over UDP where the camera knows nothing else."""
    if address.startswith("rtsp"):
        # Half a second of analysis is enough for the size; FFmpeg would take up to five.
        return {"rtsp_flags": "prefer_tcp", "analyzeduration": "500000"}
    return {}
