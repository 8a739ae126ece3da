"""The last seconds of a source, in bounded memory, from a key picture on."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from livecam.core.watching.kept_media import KeptMedia, MediaFormat


@dataclass(slots=True, eq=False)
class _Group:
    """A key picture and what follows it, up to the next."""

    media_format: MediaFormat
    begin_s: float
    media: list[KeptMedia] = field(default_factory=list)
    size_bytes: int = 0


SAME_S = 0.001
"""Times that differ by no more are the same: they are sums of the sender's and ours."""


class MediaRing:
    """Holds whole groups of pictures; the oldest go first.

    Attributes:
        size_bytes: how much it holds.
    """

    def __init__(self, keeps_s: float, max_bytes: int) -> None:
        """Hold so many seconds, at most so many bytes."""
        self._keeps_s, self._max_bytes = keeps_s, max_bytes
        self._groups: deque[_Group] = deque()
        self.size_bytes = 0

    def add(self, media: KeptMedia, media_format: MediaFormat) -> None:
        """Append one; what comes before the first key picture is not held."""
        if media.is_key and media.is_video:
            self._groups.append(_Group(media_format, media.time_s))
        if not self._groups or self._groups[-1].media_format is not media_format:
            return
        group = self._groups[-1]
        group.media.append(media)
        group.size_bytes += media.size_bytes
        self.size_bytes += media.size_bytes
        while self._groups and self._may_drop_oldest(media.time_s):
            self.size_bytes -= self._groups.popleft().size_bytes

    def since(self, from_s: float) -> Iterator[tuple[KeptMedia, MediaFormat]]:
        """Everything from the key picture at or before a time on, else from the oldest on.

        Media that would not fit into one file with the newest are left out.
        """
        chosen: list[_Group] = []
        for group in reversed(self._groups):
            if chosen and group.media_format.identity != chosen[-1].media_format.identity:
                break
            chosen.append(group)
            if group.begin_s <= from_s + SAME_S:
                break
        for group in reversed(chosen):
            yield from ((media, group.media_format) for media in group.media)

    def clear(self) -> None:
        """Hold nothing."""
        self._groups.clear()
        self.size_bytes = 0

    def _may_drop_oldest(self, newest_s: float) -> bool:
        if self.size_bytes > self._max_bytes:  # also a group without an end
            return True
        return len(self._groups) > 1 and self._groups[1].begin_s <= newest_s - self._keeps_s
