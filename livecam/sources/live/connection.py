"""The Protocol of one connection to a camera or a stream, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError


@dataclass(frozen=True, slots=True, eq=False)
class CapturedPicture:
    """One picture as the connection gave it, not yet converted.

    Attributes:
        convert: gives the read-only pixels; not called where the picture is dropped.
        timestamp_s: when it was captured, on the sender's own clock; None where unknown.
        captured_s: the same on the program's clock; None where unknown.
        due_s: when it is to be shown, on the program's clock; None for at once.
        may_pause_s: so long may the next one take without a loss; 0 where nothing is known.
        left_out: so many before it were not decoded: they would have come too late.
    """

    convert: Callable[[], BgrImage]
    timestamp_s: float | None = None
    captured_s: float | None = None
    due_s: float | None = None
    may_pause_s: float = 0.0
    left_out: int = 0


class SourceAbsentError(SourceError):
    """Nobody answers yet: what is to be waited for, instead of ending at once.

    Attributes:
        reason: why it did not open, in a few words.
        advice: cause and way out, for where it was waited for in vain; "" for the source's own.
    """

    def __init__(self, message: str, reason: str, advice: str = "") -> None:
        """`message` is for the user where nobody waits."""
        super().__init__(message)
        self.reason, self.advice = reason, advice


class ConnectionLostError(Exception):
    """The connection gives no more pictures; the text says why, for the user."""


class StreamEndedError(ConnectionLostError):
    """The sender said that this was the end: the source is not opened again."""


class Connection(Protocol):
    """An open connection; opened, used and closed in one thread."""

    @property
    def is_finite(self) -> bool:
        """Whether it is a file: a FiniteConnection."""

    @property
    def has_sound(self) -> bool:
        """Whether sound comes with the pictures."""

    @property
    def rate(self) -> float | None:
        """Frames per second as the camera or the stream claims; None where it claims nothing."""

    @property
    def negotiated(self) -> str:
        """Size, format and rate that a camera gives, for the user; "" where nothing is known."""

    def read(self) -> CapturedPicture | None:
        """The next picture, however long it takes; None for one that could not be read.

        Raises:
            ConnectionLostError: there will be no more.
        """

    def close(self) -> None:
        """Close the device or the network connection."""


class FiniteConnection(Connection, Protocol):
    """A connection to a file: it has an end, and no frame may be lost."""

    @property
    def frame_count(self) -> int | None:
        """How many frames it lists; None where it does not."""

    @property
    def address(self) -> str:
        """By which FFmpeg opens it again, for its sound."""

    @property
    def began_s(self) -> float:
        """The file's own time of the first frame that could be decoded, 0 before."""

    def frames(self) -> Iterator[Frame]:
        """Every frame.

        Raises:
            SourceError, SourceLostError: it could not be read as a whole.
        """


Connect = Callable[[], Connection]
"""Opens a connection; raises SourceError with what the user can do, SourceAbsentError to wait."""
