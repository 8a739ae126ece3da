"""One connection to a file behind an address, read by FFmpeg; it loses no frame."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.live.connection import CapturedPicture, ConnectionLostError
from livecam.sources.stream_connection import NOTHING_DECODED, READ_TIMEOUT_S
from livecam.sources.stream_errors import reason_of
from livecam.sources.video_decoder import VideoDecoder

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer


class FileConnection:
    """A file behind an address, which loses no frame; a live.connection.FiniteConnection."""

    is_finite = True

    def __init__(
        self,
        container: "av.container.InputContainer",
        title: str,
        address: str,
        answer: "HttpAnswer | None" = None,
        *,
        limits: SizeLimits = DEFAULT_LIMITS,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection.

        Raises:
            TooLargeError: its pictures are larger than the limits allow.
        """
        self._container, self._title, self._answer = container, title, answer
        self.address, self.has_sound = address, bool(container.streams.audio)
        self._decoder, self._is_begun = VideoDecoder(container, limits), False
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
            SourceError: not a single frame could be decoded, or it was read already.
            SourceLostError: the sender fell silent or broke off, or what it sent is damaged.
        """
        if self._is_begun:
            raise SourceError(
                f"{self._title} was read already: open it again to read it from its beginning."
            )
        self._is_begun = True
        decoder = self._decoder
        try:
            yield from decoder.frames()
        except av.error.FFmpegError as error:
            raise SourceLostError(
                f"{self._title} was lost ({reason_of(error, READ_TIMEOUT_S)}) after "
                f"{decoder.decoded_until_s:.1f} s: check the sender and the network."
            ) from None
        except TooLargeError as error:
            raise SourceLostError(
                f"{self._title} could be used until {decoder.decoded_until_s:.1f} s: what follows "
                f"{error}."
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
