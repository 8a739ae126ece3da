"""A stream from an address: RTSP or HTTP. Credentials are never shown."""

import errno
from collections.abc import Iterator
from typing import Any

import av
from av.video.reformatter import VideoReformatter

from livecam.core.redaction import without_credentials
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import CameraSettings
from livecam.sources.live.clock_and_threads import REAL_TIMES, Times
from livecam.sources.live.connection import Grab, LinkEndedError, LinkOverError
from livecam.sources.live.live_source import Live
from livecam.sources.video_decoder import Decoder, main_stream, pixel_aspect_of, upright

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 10.0

HIGHEST_RATE = 240.0
"""A sender that promises more says its clock, not its rate (90000, 1000)."""

_ENDLESS = frozenset({"mpjpeg", "mjpeg", "rtsp", "rtp", "sdp", "flv"})
"""What cameras send: it has no end of its own, so an end is a loss."""

_STAMPED = frozenset({"rtsp", "rtp", "sdp", "mpegts", "flv"})
"""Formats whose time stamps are the sender's; those of others FFmpeg makes up."""


class StreamLink:
    """One connection to a live stream; a live.link.Link.

    Attributes:
        rate: average frames per second as the stream says, None where it does not.
    """

    has_end = False
    told = ""

    def __init__(self, container: "av.container.InputContainer", title: str) -> None:
        """The container is open; it is closed with the link."""
        self._container, self._title = container, title
        self._stream = main_stream(container)
        # Threads that decode whole frames each keep one back.
        self._stream.thread_type = "SLICE"
        guessed = self._stream.average_rate or self._stream.guessed_rate
        format_names = set(container.format.name.split(","))
        promised = float(guessed) if guessed and "mpjpeg" not in format_names else 0.0
        self.rate = promised if 0.0 < promised <= HIGHEST_RATE else None
        self._is_endless = bool(format_names & _ENDLESS)
        self._is_stamped = bool(format_names & _STAMPED)
        self._packets = self._demuxed()
        self._decoded: list[av.VideoFrame] = []
        self._converter = VideoReformatter()

    def read(self) -> Grab | None:
        """The next picture; None for one that is damaged.

        Raises:
            LinkOverError: the sender fell silent or broke off.
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
        aspect = pixel_aspect_of(self._stream)
        stamp_s = decoded.time if self._is_stamped else None
        return Grab(lambda: upright(decoded, aspect, self._converter), stamp_s)

    def close(self) -> None:
        """Disconnect."""
        self._container.close()

    def _demuxed(self) -> "Iterator[av.Packet[Any] | None]":
        """The packets, and None at the end: then the decoder gives what it still holds."""
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:  # an empty one only says that the end is reached
                    yield packet
        except av.error.FFmpegError as error:
            raise LinkOverError(f"was lost ({_reason(error, READ_TIMEOUT_S)})") from None
        yield None
        if self._is_endless:
            raise LinkOverError("was lost (the sender hung up)")
        raise LinkEndedError("has ended")


class FileLink:
    """A file behind an address: it has an end and loses no frame; a live.link.EndingLink."""

    has_end = True
    told = ""

    def __init__(self, container: "av.container.InputContainer", title: str) -> None:
        """The container is open; it is closed with the link."""
        self._container, self._title = container, title
        self._decoder = Decoder(container)
        self.rate = self._decoder.rate
        self.frame_count = self._decoder.listed_frames

    def read(self) -> Grab | None:
        """A file is read frame by frame, with `frames`."""
        raise LinkOverError("is a file")

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
        loss = decoder.loss()
        if loss:
            raise SourceLostError(
                f"{self._title} did not come whole: {loss}. What could be had was used; check the "
                "sender and the network."
            )

    def close(self) -> None:
        """Disconnect."""
        self._container.close()


def stream(address: str, asked: CameraSettings | None = None, *, times: Times = REAL_TIMES) -> Live:
    """A stream, or a file behind an address, as a source, not yet opened."""
    asked = asked or CameraSettings()
    return Live(
        without_credentials(address),
        lambda: open_stream(address),
        every=asked.latency == "every",
        give_up_s=asked.give_up,
        advice=lambda: "check the sender and the network",
        times=times,
    )


def open_stream(address: str) -> StreamLink | FileLink:
    """Connect once.

    Raises:
        SourceError: nobody answers, or what answers is not video.
    """
    title = without_credentials(address)
    scheme, _, rest = address.partition("://")
    scheme = scheme.casefold()  # FFmpeg knows small letters only
    container: av.container.InputContainer | None = None
    try:
        container = av.open(
            f"{scheme}://{rest}",
            options=_options(scheme),
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        )
        return (FileLink if container.duration else StreamLink)(container, title)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        if container is not None:
            container.close()
        raise SourceError(
            f"{title} did not open ({_reason(error, OPEN_TIMEOUT_S)}): check the address "
            "and that the sender is running."
        ) from None  # the chained error would show the password


def _options(scheme: str) -> dict[str, str]:
    """Of FFmpeg: RTSP over TCP, because UDP loses packets and firewalls drop it."""
    if scheme.startswith("rtsp"):
        # Half a second of looking is enough for the size; FFmpeg would take up to five.
        return {"rtsp_transport": "tcp", "analyzeduration": "500000"}
    return {}


def _reason(error: Exception, timeout_s: float) -> str:
    if isinstance(error, av.error.ExitError):  # PyAV's time is up
        return f"no answer for {timeout_s:.0f} s"
    if getattr(error, "errno", None) == errno.EIO:
        return "the connection broke"
    if isinstance(error, av.error.InvalidDataError):
        return "what it sends is no video, or breaks off"
    return (getattr(error, "strerror", None) or "it is not video").lower()
