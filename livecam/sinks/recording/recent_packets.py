"""The packets that may not be on the disk yet: where a file cannot go on, the next one has them."""

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import av

_SAFE_GROUPS = 2  # kept although they are on the disk: two streams need one key frame in common
MAX_BYTES = 64_000_000
"""So much is kept while a disk stalls; what is older cannot go into another file any more."""


class RecentPackets:
    """The last groups of pictures that were given to a file, each beginning with a key frame."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: deque[list[tuple[int, av.Packet[Any]]]] = deque()
        self._given = self._size_bytes = 0

    def add(self, packet: "av.Packet[Any]", safe_pts: int) -> None:
        """Append a packet; what is on the disk, up to a time stamp, is forgotten in time.

        Args:
            packet: with the time stamp that its encoder gave.
            safe_pts: everything before it is on the disk.
        """
        if packet.is_keyframe or not self._groups:
            self._groups.append([])
        self._groups[-1].append((packet.pts or 0, packet))
        self._given += 1
        self._size_bytes += packet.size
        groups = self._groups
        while len(groups) > _SAFE_GROUPS and (
            groups[_SAFE_GROUPS][0][0] <= safe_pts or self._size_bytes > MAX_BYTES
        ):
            self._size_bytes -= sum(old.size for _, old in groups.popleft())

    @property
    def begin_pts(self) -> int | None:
        """The first time stamp that is still known; None where there is none."""
        return self._groups[0][0][0] if self._groups else None

    def key_pts(self) -> list[int]:
        """The time stamps of the key frames, rising."""
        return [group[0][0] for group in self._groups]

    def pop_from(self, pts: int) -> "tuple[int, list[av.Packet[Any]]]":
        """Begin anew, for another file.

        Returns:
            How many packets before this time stamp were given to the file, and all later ones,
            which another file may take.
        """
        later = [item for group in self._groups for item in group if item[0] >= pts]
        for own_pts, packet in later:
            packet.pts = own_pts  # a file counts from its own beginning
        before = self._given - len(later)
        self._groups.clear()
        self._given = self._size_bytes = 0
        return before, [packet for _, packet in later]
