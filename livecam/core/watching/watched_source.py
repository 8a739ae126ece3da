"""Sources that are watched: they are looked at now and then, and clips of them are kept."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from livecam.core.short_repr import ShortRepr
from livecam.core.types import BgrImage
from livecam.errors import SinkError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Look(ShortRepr):
    """One picture to look at.

    Attributes:
        frame: its pixels, read-only.
        time_s: on the source's own clock, which also clips are cut by; never goes back.
        at: wall-clock time at which it was taken, with its zone.
        is_still: it is the same picture as the one before, so nothing new can be seen in it.
    """

    frame: BgrImage
    time_s: float
    at: datetime
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class EventClipResult:
    """A clip that is finished.

    Attributes:
        path: the file.
        begin_s: time of its first picture on the source's clock.
        end_s: time of its last picture.
        frames: how many there are.
        is_cut: whether it was not ended in order: the source was lost, or the disk full.
    """

    path: Path
    begin_s: float
    end_s: float
    frames: int
    is_cut: bool


class EventClip(Protocol):
    """The clip of an event, that is being written."""

    @property
    def begin_s(self) -> float:
        """Time of its first picture on the source's clock."""

    @property
    def failure(self) -> SinkError | None:
        """Why no more can be written into it; None while that is not so."""

    def end(self, until_s: float) -> None:
        """Let it end with the last picture before this time; returns at once."""

    @property
    def is_finished(self) -> bool:
        """Whether its last picture is written, or none can come any more; then it can be closed."""

    def close(self) -> EventClipResult:
        """Finish the file now, also before its end; harmless when called again.

        Raises:
            SinkError: it could not be written.
        """


class WatchedSource(Protocol):
    """A source that is watched; used by one thread."""

    @property
    def title(self) -> str:
        """Its name for the user; without the credentials of a URL."""

    @property
    def rate(self) -> float | None:
        """Nominal frames per second; None where unknown."""

    @property
    def waiting_for(self) -> str:
        """What is waited for where no pictures come, to be read by a user; "" while they come."""

    @property
    def is_over(self) -> bool:
        """Whether a clip is at its end, or a scene was left: no more looks will come."""

    def open(self) -> None:
        """Begin; what is slow is done meanwhile: next_look gives None until then.

        Raises:
            SourceError: there is nothing that could be waited for.
        """

    def next_look(self) -> Look | None:
        """The newest picture that is due for a look; None while there is none. Returns at once.

        Raises:
            SourceLostError: the source is lost for good; live ones are opened again instead.
        """

    def begin_clip(self, from_s: float, path: Path) -> EventClip:
        """Write everything from `from_s` on that is still held, and all that follows.

        Several clips may be written at once, and may overlap.

        Raises:
            SinkError: the file cannot be made.
        """

    def close(self) -> None:
        """Close it and everything that it began; harmless when called again."""
