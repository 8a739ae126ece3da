"""One connection to a stream that is watched: its packets are held, few of its pictures decoded."""

import time
from typing import TYPE_CHECKING, Any

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.sources.decoding.deinterlacing import Deinterlacer
from livecam.sources.live.connection import CapturedPicture, ConnectionLostError
from livecam.sources.live.playout import Playout
from livecam.sources.segmented_connection import MAY_PAUSE_S, PLAYLIST_READ_TIMEOUT_S
from livecam.sources.stream_connection import (
    NOTHING_DECODED,
    READ_TIMEOUT_S,
    DecodedPicture,
    StreamConnection,
)
from livecam.sources.video_decoder import select_video_stream
from livecam.sources.watched.packet_intake import COPIED_CODECS, PacketIntake
from livecam.sources.watched.source_state import SourceState

if TYPE_CHECKING:
    from livecam.sources.http_answer import HttpAnswer

MOST_LOOKS_S = 3.0
"""The next look may take so many times as long as it should, until the stream counts as silent."""


def watched_connection(
    container: "av.container.InputContainer",
    answer: "HttpAnswer | None",
    state: SourceState,
    limits: SizeLimits = DEFAULT_LIMITS,
) -> "WatchedConnection | None":
    """A connection that holds the packets; None where they are of a codec that is not copied."""
    context = select_video_stream(container).codec_context
    state.gives_looks = context is not None and context.name in COPIED_CODECS
    if not state.gives_looks:
        return None
    return WatchedConnection(container, answer, state, limits=limits)


class WatchedConnection(StreamConnection):
    """Gives the pictures that are looked at; a live.connection.Connection."""

    def __init__(
        self,
        container: "av.container.InputContainer",
        answer: "HttpAnswer | None",
        state: SourceState,
        *,
        limits: SizeLimits = DEFAULT_LIMITS,
    ) -> None:
        """The container is open; it and the answer that it reads are closed with the connection."""
        super().__init__(container, answer, limits=limits, with_sound=True)
        self._state = state
        # A few pictures a second: a second thread would only cost its handing over.
        self._stream.codec_context.thread_count = 1
        self._is_at_end = False
        self._intake = PacketIntake(self._stream, self._sound, state)
        state.gives_looks = True
        is_segmented = container.format.name in {"hls", "dash"}
        self.read_timeout_s = PLAYLIST_READ_TIMEOUT_S if is_segmented else READ_TIMEOUT_S
        self._may_pause_s = MOST_LOOKS_S * state.look_every_s + MAY_PAUSE_S * is_segmented
        # A segment arrives at once: its pictures are looked at when they are due.
        self._playout = Playout(time.perf_counter()) if is_segmented else None

    def read(self) -> CapturedPicture | None:
        """The next picture to look at; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        while True:
            packet = self._next_packet()
            if packet is None:  # the end, which the next call raises
                left = self._intake.next_left()
                if left is not None:
                    self._is_at_end = True
                    return self._captured(*left)
                if not self._has_decoded:
                    raise ConnectionLostError(NOTHING_DECODED)
                self._is_at_end = False
                continue
            if self._is_left_out(packet):
                continue
            try:
                found = self._intake.take(packet, self._state.arrived_s())
            except av.error.InvalidDataError:
                if self._has_decoded:
                    return None
                continue  # joined between two key frames
            except av.error.ArgumentError:
                raise ConnectionLostError(f"was lost (it {self._size_guard.refused()})") from None
            if found is not None:
                return self._captured(*found)

    def _next_packet(self) -> "av.Packet[Any] | None":
        """None once at the end, and while pictures are left there."""
        return None if self._is_at_end else next(self._packets)

    def _is_left_out(self, packet: "av.Packet[Any]") -> bool:
        """Whether a packet is not even held."""
        return packet.is_corrupt

    def _captured(self, frame: "av.VideoFrame", time_s: float) -> CapturedPicture:
        self._has_decoded = True
        deinterlacer: Deinterlacer[None] = Deinterlacer()
        whole, _ = [*deinterlacer.passed(frame, None), *deinterlacer.rest()][-1]
        if self._playout is not None:
            now_s = time.perf_counter()
            time.sleep(max(0.0, self._playout.due_s(time_s, now_s) - now_s))
        return CapturedPicture(
            self._converted(DecodedPicture(whole, time_s, 0.0)),
            captured_s=time_s,
            may_pause_s=self._may_pause_s,
        )
