"""An encoder that is given up where it does not answer; the file goes on without it."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from livecam.core.types import BgrImage
from livecam.sinks.recording.call_thread import LEAVING_LIMIT_S, CallThread, SilentError, TimeLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import av

    from livecam.sinks.recording.encoder import Encoder
    from livecam.sinks.recording.encoder_catalogue import EncoderSpec

LIVE_LIMIT_S = 5.0
CLIP_LIMIT_S = 30.0
OPENING_LIMIT_S = 30.0
"""How long an encoder may give no answer: for a live source, for a clip, while it is opened."""

MAX_WAITING = 120
"""Pictures that an encoder may hold; more, and no packet in all that time, is no answer."""


class EncoderSilentError(SilentError):
    """The encoder does not answer; nobody may touch it any more."""


class WatchedEncoder:
    """An Encoder whose calls are made in a thread of their own; SVT-AV1 has been seen to hang.

    Attributes:
        spec: which encoder it is.
        stream: its stream, as a template for a muxer.
    """

    def __init__(self, encoder: "Encoder", thread: CallThread, time_limit: TimeLimit) -> None:
        """The encoder is open; from now on only the thread may call it."""
        self._encoder, self._thread, self._time_limit = encoder, thread, time_limit
        self.spec: EncoderSpec = encoder.spec
        self.stream: Any = encoder.stream
        self._waiting, self._answered_s = 0, time_limit.clock()

    def encode(self, bgr: BgrImage, pts: int, duration: int) -> "list[av.Packet[Any]]":
        """Encode one picture and return the packets that are ready: see Encoder.

        Raises:
            EncoderSilentError: no answer.
        """
        packets: list[av.Packet[Any]] = self._call(self._encoder.encode, bgr, pts, duration)
        self._waiting += 1 - len(packets)
        now_s = self._time_limit.clock()
        if packets or self._waiting <= MAX_WAITING:
            self._answered_s = now_s
        elif now_s - self._answered_s > self._time_limit.seconds():
            raise EncoderSilentError(f"{self.spec.name} gives no packets")
        return packets

    def flush(self) -> "Iterator[av.Packet[Any]]":
        """The packets that the encoder still holds; it takes no pictures afterwards.

        Raises:
            EncoderSilentError: no answer.
        """
        packets = self._call(self._encoder.flush)
        while (packet := self._call(next, packets, None)) is not None:
            yield packet

    def force_key_frame(self) -> None:
        """Make the next picture a key frame, as the first one of a file must be."""
        self._encoder.force_key_frame()

    def close(self) -> None:
        """Free the encoder, unless it hangs."""
        if not self._thread.is_stuck:
            with suppress(SilentError):
                limit = replace(self._time_limit, limit_s=LEAVING_LIMIT_S)
                self._thread.call(self._encoder.close, limit)
        self._thread.close()

    def _call(self, function: Any, *arguments: Any) -> Any:
        try:
            return self._thread.call(partial(function, *arguments), self._time_limit)
        except SilentError as error:
            raise EncoderSilentError(f"{self.spec.name} gives {error}") from None
