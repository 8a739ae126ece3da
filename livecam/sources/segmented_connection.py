"""One connection to a live stream that comes in segments (HLS), read by FFmpeg."""

import time
from typing import Any

import av  # noqa: TC002  (with cv2 before it, as everywhere)

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.sources.decoding.deinterlacing import Deinterlacer
from livecam.sources.live.connection import CapturedPicture
from livecam.sources.live.delay import STALE_S
from livecam.sources.live.playout import Playout
from livecam.sources.packet_buffer import ArrivedPacket, PacketBuffer
from livecam.sources.stream_connection import StreamConnection

PLAYLIST_READ_TIMEOUT_S = 30.0
"""So long may the next segment take: nothing comes while it is being made."""

MAY_PAUSE_S = 10.0
"""So long may the stream pause, after the pictures that wait were shown."""


class SegmentedConnection(StreamConnection):
    """A live stream that comes in segments (HLS): shown at the pictures' own times.

    Where decoding takes longer than the pictures last, it goes on with a later key frame.
    """

    read_timeout_s = PLAYLIST_READ_TIMEOUT_S

    def __init__(
        self,
        container: "av.container.InputContainer",
        *,
        every_frame: bool = False,
        limits: SizeLimits = DEFAULT_LIMITS,
    ) -> None:
        """The container is open; packets are read ahead from now on.

        `every_frame`: every picture is decoded, however late.
        """
        super().__init__(container, limits=limits)
        self._every_frame, self._is_behind, self._left_out = every_frame, False, 0
        self._buffer = PacketBuffer(self._packets)
        self._buffer.wait_for_first_burst()
        self._playout = Playout(time.perf_counter())

    def read(self) -> CapturedPicture | None:
        """The next picture, when it is due; None for one that is damaged.

        Raises:
            ConnectionLostError: the sender fell silent or broke off.
        """
        decoded = self._next_decoded()
        if decoded is None:
            return None
        if decoded.time_s is None:
            return CapturedPicture(self._converted(decoded))
        due_s = self._playout.due_s(decoded.time_s, decoded.arrived_s)
        now_s = time.perf_counter()
        self._is_behind = now_s - due_s > STALE_S and not self._every_frame
        if due_s > now_s:
            time.sleep(due_s - now_s)
        left_out, self._left_out = self._left_out, 0
        captured_s = min(due_s, decoded.time_s + self._buffer.smallest_delay_s)
        return CapturedPicture(
            self._converted(decoded),
            captured_s=captured_s,
            due_s=due_s,
            may_pause_s=MAY_PAUSE_S,
            left_out=left_out,
        )

    def close(self) -> None:
        """Disconnect."""
        self._buffer.close()
        super().close()

    def _next_packet(self) -> "av.Packet[Any] | None":
        arrived = self._caught_up() if self._is_behind else self._buffer.take()
        self._arrived_s = arrived.arrived_s
        return arrived.packet

    def _caught_up(self) -> ArrivedPacket:
        """The next key frame that can be shown in time; what lies before it is left out."""
        while not self._is_in_time(arrived := self._buffer.take()):
            self._left_out += 1
        self._is_behind = False
        if arrived.packet is not None:  # at the end the decoder gives what it still holds
            self._stream.codec_context.flush_buffers()
            self._deinterlacer = Deinterlacer()
        return arrived

    def _is_in_time(self, arrived: ArrivedPacket) -> bool:
        packet = arrived.packet
        if packet is None:
            return True
        if not packet.is_keyframe or packet.pts is None or packet.time_base is None:
            return False
        due_s = self._playout.planned_s(float(packet.pts * packet.time_base))
        return due_s > time.perf_counter() - STALE_S
