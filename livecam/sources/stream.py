"""A stream from an address: RTSP or HTTP. Credentials are never shown."""

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import av

from livecam.errors import SourceError, SourceLostError
from livecam.sources.address import without_credentials
from livecam.sources.decoding import Decoder
from livecam.values import Frame

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 10.0


class Stream:
    """A network stream; implements ports.Source.

    A file behind http:// has an end and loses no frame; a stream without a duration is live.
    """

    holds_last = False

    def __init__(self, address: str) -> None:
        """`address` is opened on entering."""
        self._address = address
        self._stack = ExitStack()
        self._decoder: Decoder | None = None
        self.is_live = True

    @property
    def title(self) -> str:
        """The address without user name and password."""
        return without_credentials(self._address)

    @property
    def frame_count(self) -> int | None:
        """As the container says; None for a live stream."""
        return (self._opened().stream.frames or None) if not self.is_live else None

    @property
    def rate(self) -> float | None:
        """Average frames per second, None where the stream does not say."""
        return self._opened().rate

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            SourceError: nobody answers, or what answers is not video.
        """
        options = {"rtsp_transport": "tcp"} if self._address.startswith("rtsp") else {}
        try:
            container = self._stack.enter_context(
                av.open(self._address, options=options, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
            )
            self._decoder = Decoder(container)
        except (av.error.FFmpegError, ValueError, OSError) as error:
            self._stack.close()
            reason = getattr(error, "strerror", None) or "it is not video"
            raise SourceError(
                f"{self.title} did not open ({reason.lower()}; tried for {OPEN_TIMEOUT_S:.0f} s): "
                "check the address and that the sender is running."
            ) from None  # the chained error would show the password
        self.is_live = not container.duration
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Disconnect."""
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """Frames as they come.

        Raises:
            SourceLostError: the sender fell silent or broke off.
        """
        try:
            yield from self._opened().frames()
        except av.error.FFmpegError as error:
            reason = (error.strerror or "broken off").lower()
            raise SourceLostError(
                f"{self.title} was lost ({reason}) after {self._opened().decoded_until_s:.1f} s: "
                "check the sender and the network."
            ) from None

    def _opened(self) -> Decoder:
        if self._decoder is None:
            raise RuntimeError("a Stream is used inside a with statement")
        return self._decoder
