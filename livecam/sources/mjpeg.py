"""Pictures that a web camera sends one after another over HTTP, however it divides them."""

import time
from collections.abc import Callable

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.sources.decoding.geometry import Geometry
from livecam.sources.decoding.orientation import OrientationReader
from livecam.sources.decoding.picture import PictureConverter
from livecam.sources.decoding.size_guard import size_options
from livecam.sources.files.header_size import jpeg_size
from livecam.sources.http_answer import HttpAnswer
from livecam.sources.jpeg_splitter import JpegSplitter
from livecam.sources.live.connection import (
    CapturedPicture,
    ConnectionLostError,
    StreamEndedError,
)
from livecam.sources.stream_errors import reason_of

_MOST_WITHOUT_PICTURE_BYTES = 1 << 20
"""So much may come before a picture begins."""


class MjpegConnection:
    """One connection to a web camera; a live.connection.Connection.

    FFmpeg's demuxer asks for a boundary before the first part, for parts of type image/jpeg and
    for a length that is right; the pictures' own markers need none of that.
    """

    is_finite = has_sound = False
    negotiated = ""
    rate = None

    def __init__(
        self,
        answer: HttpAnswer,
        timeout_s: float,
        clock: Callable[[], float] = time.perf_counter,
        *,
        limits: SizeLimits = DEFAULT_LIMITS,
    ) -> None:
        """Wait for the first picture; `answer` is closed with the connection.

        Raises:
            av.error.FFmpegError: none came within `timeout_s`, or at all.
            TooLargeError: it is larger than the limits allow.
        """
        self._limits = limits
        self._answer, self._timeout_s = answer, timeout_s
        self._is_multipart = answer.content_type.startswith("multipart/")
        self._splitter = JpegSplitter(limits.part_bytes)
        self._decoder = av.CodecContext.create("mjpeg", "r")
        self._decoder.options = size_options(limits)
        self._orientations, self._pictures = OrientationReader(), PictureConverter()
        self._first = self._await_first(clock)
        self._count = 0

    def read(self) -> CapturedPicture | None:
        """The next picture; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        first, self._first = self._first, None
        jpeg = first or self._next_jpeg()
        self._count += 1
        try:
            self._limits.check(*jpeg_size(jpeg))
            decoded = self._decoder.decode(av.Packet(jpeg))
        except av.error.InvalidDataError:
            return None
        except TooLargeError as error:
            raise ConnectionLostError(f"was lost (a picture that it sends {error})") from None
        if not decoded:
            return None
        frame, shape = decoded[0], self._decoder.sample_aspect_ratio
        aspect = float(shape) if shape else 1.0
        try:
            self._limits.check(frame.width, frame.height, aspect)
        except TooLargeError as error:
            raise ConnectionLostError(f"was lost (a picture that it sends {error})") from None
        geometry = Geometry(aspect, self._orientations.of(frame))
        return CapturedPicture(lambda: self._pictures.to_bgr_image(frame, geometry))

    def close(self) -> None:
        """Disconnect."""
        self._answer.close()

    def _next_jpeg(self) -> bytes:
        try:
            while (jpeg := self._splitter.next()) is None:
                received = self._answer.read()
                if not received:
                    raise self._end()
                self._splitter.feed(received)
        except av.error.FFmpegError as error:
            reason = reason_of(error, self._timeout_s)
            raise ConnectionLostError(f"was lost ({reason})") from None
        except TooLargeError as error:
            raise ConnectionLostError(f"was lost (a picture that it sends {error})") from None
        return jpeg

    def _end(self) -> ConnectionLostError:
        """One picture alone is what was asked for; a camera has no end of its own."""
        if self._count == 1 and not self._is_multipart:
            return StreamEndedError("has ended")
        return ConnectionLostError("was lost (the sender hung up)")

    def _await_first(self, clock: Callable[[], float]) -> bytes | None:
        received_bytes, until_s = 0, clock() + self._timeout_s
        while (jpeg := self._splitter.next()) is None:
            received = self._answer.read()
            received_bytes += len(received)
            is_rubbish = received_bytes > _MOST_WITHOUT_PICTURE_BYTES
            if not received or (is_rubbish and not self._splitter.has_begun):
                raise av.error.InvalidDataError(0, "no picture")
            if clock() > until_s:
                raise av.error.ExitError(0, "no picture")
            self._splitter.feed(received)
        self._limits.check(*jpeg_size(jpeg))
        return jpeg
