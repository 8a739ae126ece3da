"""What a watched source holds of its last seconds, and the files that parts of it go into."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from livecam.core.short_repr import ShortRepr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class KeptMedia(ShortRepr):
    """A packet as the camera sent it, or a picture as JPEG.

    Attributes:
        data: the packet (av.Packet), which nobody may change for longer than a call; or bytes.
        time_s: when it is shown, on the source's clock.
        decode_s: when it is decoded, on the same clock: earlier where pictures are reordered.
        duration_s: how long it lasts; 0 where nobody says.
        size_bytes: how much memory it takes.
        is_key: whether a file may begin with it.
        is_video: False for sound.
    """

    data: Any
    time_s: float
    decode_s: float
    duration_s: float
    size_bytes: int
    is_key: bool = False
    is_video: bool = True


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MediaFormat(ShortRepr):
    """What is needed to begin a file for the media of one connection.

    Attributes:
        video: the stream of the packets, as a template for a muxer; None for pictures.
        sound: the same of the sound; None without sound.
        identity: equal where one file can hold the media of both.
        rate: nominal pictures per second; None where unknown.
    """

    video: Any = None
    sound: Any = None
    identity: object = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class ClipBeginning:
    """How a clip begins.

    Attributes:
        path: its file.
        begin_s: time of the first picture that is shown, on the source's clock; media before it
            are only needed to decode it.
        at: the same on the wall clock.
    """

    path: Path
    begin_s: float
    at: datetime


class ClipFile(Protocol):
    """A file that media are written into, in the order of decoding; used by one thread at a time.

    It is playable at every moment; no call but `close` waits for the disk.
    """

    @property
    def is_finished(self) -> bool:
        """Whether it is closed, or failed: `close` waits for nothing."""

    @property
    def dropped(self) -> int:
        """How many pictures could not be written, because disk or encoder were too slow."""

    def add(self, media: KeptMedia) -> None:
        """Append one.

        Raises:
            SinkError: the disk failed; what is safe stays.
        """

    def finish(self, until_s: float | None) -> None:
        """Nothing more will come: let the file be closed; returns at once.

        Args:
            until_s: what is decoded at this time of the source or later is taken out; None to
                keep all.
        """

    def close(self) -> None:
        """Wait until it is closed, after `finish`; harmless when called again.

        Raises:
            SinkError: it could not be written to its end.
        """


class OpenClipFile(Protocol):
    """Begins a file."""

    def __call__(self, beginning: ClipBeginning, media_format: MediaFormat) -> ClipFile:
        """A new file.

        Raises:
            SinkError: it cannot be made.
        """
