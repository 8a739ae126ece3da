"""A clip that is watched, as a connection that notes what is missing or damaged in it."""

import math
from collections import deque
from typing import TYPE_CHECKING, Any

from livecam.core.input_limits import SizeLimits
from livecam.sources.decoding.frame_times import DEFAULT_RATE
from livecam.sources.decoding.loss import Damage, ExpectedContent, Reached
from livecam.sources.live.connection import CapturedPicture
from livecam.sources.watched.source_state import SourceState
from livecam.sources.watched.watched_connection import WatchedConnection

if TYPE_CHECKING:
    import av


class ClipConnection(WatchedConnection):
    """Gives the pictures that are looked at, and counts the packets of all."""

    def __init__(
        self, container: "av.container.InputContainer", state: SourceState, limits: SizeLimits
    ) -> None:
        """The container is open, and closed with the connection."""
        super().__init__(container, None, state, limits=limits)
        self._expected = ExpectedContent(container, self._stream)
        # The file may be as long as a stream that is not read.
        self._reads_all = len(container.streams) == len(self._read)
        self._damage, self._frames = Damage(), 0
        self._ahead: deque[av.Packet[Any] | None] = deque()
        self._began_s, self._ends_s, self._all_end_s = math.inf, 0.0, 0.0

    def read(self) -> CapturedPicture | None:
        """As of any connection."""
        captured = super().read()
        self._damage.packets += captured is None
        return captured

    def describe_loss(self) -> str:
        """At the end: what is missing or damaged, for the user; "" where nothing is."""
        until_s = self._ends_s - self._began_s if self._frames else 0.0
        all_until_s = self._all_end_s if self._reads_all else math.inf
        self._damage.corrupt_frames = self._intake.corrupt_pictures
        reached = Reached(self._frames, until_s, all_until_s)
        return self._expected.describe_loss(reached, self._damage)

    def _next_packet(self) -> "av.Packet[Any] | None":
        is_ahead = bool(self._ahead) and not self._is_at_end
        packet = self._ahead.popleft() if is_ahead else super()._next_packet()
        if packet is not None:
            self._note(packet)
        return packet

    def _is_left_out(self, packet: "av.Packet[Any]") -> bool:
        """Of pictures only a last one, which was cut off.

        Where two files were joined each packet may be whole, and the decoder finds what is not.
        """
        if not packet.is_corrupt or packet.stream_index != self._stream.index:
            return packet.is_corrupt
        return self._is_last(packet)

    def _is_last(self, packet: "av.Packet[Any]") -> bool:
        """Whether none of its stream follows; what was read to know it comes next."""
        index, at = packet.stream_index, 0
        while True:
            if at == len(self._ahead):
                self._ahead.append(super()._next_packet())
            following = self._ahead[at]
            if following is None or (following.stream_index == index and following.size):
                return following is None
            at += 1

    def _note(self, packet: "av.Packet[Any]") -> None:
        stamp = packet.pts if packet.pts is not None else packet.dts
        unit = packet.time_base
        begins_s = float(stamp * unit) if stamp is not None and unit else None
        if begins_s is not None:
            ends_s = begins_s + float((packet.duration or 0) * unit)
            self._all_end_s = max(self._all_end_s, ends_s)
        if packet.stream_index != self._stream.index or packet.is_discard:
            return
        if self._is_left_out(packet):
            self._damage.packets += 1
            return
        self._frames += 1
        if begins_s is not None:
            lasts_s = 0.0 if packet.duration else 1.0 / (self.rate or DEFAULT_RATE)
            self._began_s = min(self._began_s, begins_s)
            self._ends_s = max(self._ends_s, ends_s + lasts_s)
