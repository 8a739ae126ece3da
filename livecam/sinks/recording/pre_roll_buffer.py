"""The last seconds as packets in memory: what `--clip-before` puts before a recording."""

from collections import deque
from typing import TYPE_CHECKING, Any

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.sinks.recording.options import RecordingOptions

if TYPE_CHECKING:
    import av

MAX_BYTES = 256_000_000


def is_after_jump(
    annotated: AnnotatedFrame, last: AnnotatedFrame | None, options: RecordingOptions
) -> bool:
    """Whether a clip goes on from another place: what was before is no beginning of a recording.

    Its sound would be that of the other place.
    """
    if last is None or options.encoder.live:
        return False
    return annotated.status.gaps != last.status.gaps


class PreRollBuffer:
    """Keeps whole groups of pictures that reach back a number of seconds, in bounded memory."""

    def __init__(self, seconds: float, max_bytes: int = MAX_BYTES) -> None:
        """Older groups are dropped; younger ones, too, where all take more than `max_bytes`."""
        self._seconds, self._max_bytes = seconds, max_bytes
        self._groups: deque[list[av.Packet[Any]]] = deque()
        self._first_pts: int | None = None
        self.size_bytes = 0

    def begin_at(self, pts: int) -> None:
        """Drop what there is, and what the encoder still gives of pictures before this one."""
        self.pop_all()
        self._first_pts = pts

    def add(self, packet: "av.Packet[Any]") -> None:
        """Append one packet; packets before the first key frame are dropped."""
        if self._first_pts is not None and (packet.pts or 0) < self._first_pts:
            return
        if packet.is_keyframe:
            self._groups.append([])
        if not self._groups:
            return
        self._groups[-1].append(packet)
        self.size_bytes += packet.size
        while len(self._groups) > 1 and (
            self._reaches_back_s(1, packet) >= self._seconds or self.size_bytes > self._max_bytes
        ):
            self.size_bytes -= sum(old.size for old in self._groups.popleft())

    def pop_all(self) -> "list[av.Packet[Any]]":
        """Remove all packets and return them, oldest first."""
        packets = [packet for group in self._groups for packet in group]
        self._groups.clear()
        self.size_bytes = 0
        return packets

    def _reaches_back_s(self, group: int, newest: "av.Packet[Any]") -> float:
        """Seconds from the first packet of a group to the newest packet."""
        ticks = (newest.pts or 0) - (self._groups[group][0].pts or 0)
        return float(ticks * (newest.time_base or 0))
