"""A stream or a file behind an address (RTSP, HTTP, ...). Credentials are never shown."""

from typing import TYPE_CHECKING

import av

from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.connection import Connection
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions
from livecam.sources.stream_connection import (
    PLAYLIST_READ_TIMEOUT_S,
    READ_TIMEOUT_S,
    FileConnection,
    SegmentedConnection,
    StreamConnection,
)
from livecam.sources.stream_errors import not_opened

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer

OPEN_TIMEOUT_S = 10.0

LARGEST_FILE_BYTES = 1 << 40
"""Some cameras promise a length that no file has, and then send without end."""

_PLAYLIST_FORMATS = frozenset({"hls", "dash"})
"""Formats of which the length of what the server sends says nothing: it is only a list."""


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
        is_playlist = connected is None and answer.beginning().startswith(b"#EXTM3U")
    finally:
        if connected is None:
            answer.close()
    timeout_s = PLAYLIST_READ_TIMEOUT_S if is_playlist else READ_TIMEOUT_S
    return connected or _open(address, read_timeout_s=timeout_s)


def _open(
    address: str, answer: "HttpAnswer | None" = None, *, read_timeout_s: float = READ_TIMEOUT_S
) -> Connection:
    """What FFmpeg makes of an address, or of its answer where that has come already."""
    title = without_credentials(address)
    container: av.container.InputContainer = av.open(
        answer or address,
        "r",
        options=_ffmpeg_options(address),
        timeout=(OPEN_TIMEOUT_S, read_timeout_s),
    )
    try:
        if _has_end(container):
            return FileConnection(container, title, address, answer)
        if set(container.format.name.split(",")) & _PLAYLIST_FORMATS:
            return SegmentedConnection(container, title, answer)
        return StreamConnection(container, title, answer)
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
