"""The last seconds as packets in memory: what `--clip-before` puts before a recording."""

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import av

LARGEST_BYTES = 256_000_000


class Ring:
    """Keeps groups of pictures that reach back at least so many seconds, in bounded memory."""

    def __init__(self, seconds: float, largest_bytes: int = LARGEST_BYTES) -> None:
        """Older ones are forgotten; sooner, where they would take more than `largest_bytes`."""
        self._seconds, self._largest_bytes = seconds, largest_bytes
        self._groups: deque[list[av.Packet[Any]]] = deque()
        self.size_bytes = 0

    def add(self, packet: "av.Packet[Any]") -> None:
        """One packet more; those before the first key frame are of no use."""
        if packet.is_keyframe:
            self._groups.append([])
        if not self._groups:
            return
        self._groups[-1].append(packet)
        self.size_bytes += packet.size
        while len(self._groups) > 1 and (
            self._reaches_back_s(1, packet) >= self._seconds
            or self.size_bytes > self._largest_bytes
        ):
            self.size_bytes -= sum(old.size for old in self._groups.popleft())

    def take(self) -> "list[av.Packet[Any]]":
        """All packets, oldest first; the ring is empty afterwards."""
        packets = [packet for group in self._groups for packet in group]
        self._groups.clear()
        self.size_bytes = 0
        return packets

    def _reaches_back_s(self, group: int, newest: "av.Packet[Any]") -> float:
        ticks = (newest.pts or 0) - (self._groups[group][0].pts or 0)
        return float(ticks * (newest.time_base or 0))
