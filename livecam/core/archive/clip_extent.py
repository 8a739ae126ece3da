"""From when to when a clip of an archive was looked at."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ClipExtent:
    """When a clip was taken, as far as its looks say.

    Attributes:
        source: the clip or picture, as the archive names it.
        checksum: of its content.
        first: when its first look was taken; None where that is not known.
        last: when its last look was taken.
        look_s: spacing of the looks.
        is_picture: whether it is a picture, no clip.
    """

    source: str
    checksum: str
    first: datetime | None
    last: datetime | None
    look_s: float
    is_picture: bool

    @property
    def end(self) -> datetime | None:
        """When it ended."""
        return None if self.last is None else self.last + timedelta(seconds=self.look_s)

    def joined(self, other: "ClipExtent") -> "ClipExtent":
        """That of two parts of the same clip."""
        first = [one for one in (self.first, other.first) if one is not None]
        last = [one for one in (self.last, other.last) if one is not None]
        return replace(self, first=min(first, default=None), last=max(last, default=None))
