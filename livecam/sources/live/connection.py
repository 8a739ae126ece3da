"""One connection to a camera or a stream, as the reader needs it, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from livecam.core.types import BgrImage, Frame


@dataclass(frozen=True, slots=True, eq=False)
class Grab:
    """One picture as it came.

    Attributes:
        bgr: makes the read-only pixels; not called where the picture is of no use.
        stamp_s: when it was taken, on the sender's own clock; None where nobody says.
        captured_s: the same on the program's clock; None where that cannot be known.
    """

    bgr: Callable[[], BgrImage]
    stamp_s: float | None = None
    captured_s: float | None = None


class LinkOverError(Exception):
    """The connection is over; the text says why, to be read by a user."""


class LinkEndedError(LinkOverError):
    """The sender said that this was the end: it is not to be opened again."""


class Link(Protocol):
    """An open connection; opened, used and closed in one thread."""

    @property
    def has_end(self) -> bool:
        """Whether it is a file: an EndingLink."""

    @property
    def rate(self) -> float | None:
        """Frames per second that it claims; None where it claims nothing."""

    @property
    def told(self) -> str:
        """What was got where something was asked for, in a few words; else ""."""

    def read(self) -> Grab | None:
        """The next picture, however long it takes; None for one that could not be read.

        Raises:
            LinkOverError: there will be no more.
        """

    def close(self) -> None:
        """Let it go."""


class EndingLink(Link, Protocol):
    """A connection to a file: it has an end, and no frame may be lost."""

    @property
    def frame_count(self) -> int | None:
        """How many frames it lists; None where it does not."""

    def frames(self) -> Iterator[Frame]:
        """Every frame.

        Raises:
            SourceError, SourceLostError: it could not be read as a whole.
        """


Opener = Callable[[], Link]
"""Opens a connection; raises SourceError with the way out."""
