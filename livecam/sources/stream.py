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
        return self._opened().listed_frames if not self.is_live else None

    @property
    def rate(self) -> float | None:
        """Average frames per second, None where the stream does not say."""
        return self._opened().rate

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            SourceError: nobody answers, or what answers is not video.
        """
        scheme, _, rest = self._address.partition("://")
        scheme = scheme.casefold()  # FFmpeg knows small letters only
        options = {"rtsp_transport": "tcp"} if scheme.startswith("rtsp") else {}
        try:
            container = self._stack.enter_context(
                av.open(
                    f"{scheme}://{rest}",
                    options=options,
                    timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
                )
            )
            self.is_live = not container.duration
            self._decoder = Decoder(container, low_delay=self.is_live)
        except (av.error.FFmpegError, ValueError, OSError) as error:
            self._stack.close()
            raise SourceError(
                f"{self.title} did not open ({_reason(error, OPEN_TIMEOUT_S)}): check the address "
                "and that the sender is running."
            ) from None  # the chained error would show the password
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
            SourceError: not a single frame could be decoded.
            SourceLostError: the sender fell silent or broke off, or what it sent is damaged.
        """
        decoder = self._opened()
        try:
            yield from decoder.frames()
        except av.error.FFmpegError as error:
            raise SourceLostError(
                f"{self.title} was lost ({_reason(error, READ_TIMEOUT_S)}) after "
                f"{decoder.decoded_until_s:.1f} s: check the sender and the network."
            ) from None
        if not decoder.count:
            raise SourceError(f"{self.title} sent no frame that can be decoded: check the sender.")
        loss = decoder.loss()
        if loss:
            raise SourceLostError(
                f"{self.title} did not come whole: {loss}. What could be had was used; check the "
                "sender and the network."
            )

    def _opened(self) -> Decoder:
        if self._decoder is None:
            raise RuntimeError("a Stream is used inside a with statement")
        return self._decoder


def _reason(error: Exception, timeout_s: float) -> str:
    if isinstance(error, av.error.ExitError):  # PyAV's time is up
        return f"no answer for {timeout_s:.0f} s"
    return (getattr(error, "strerror", None) or "it is not video").lower()
