"""The pictures of one file or clip, each with its time in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.format import is_clip
from livecam.sources.files.picture import UnreadablePictureError, count_pictures, read_pictures

SECONDS_EACH = 1.0
"""How long a picture is shown and recorded, unless it belongs to an animation."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedPicture:
    """One picture of a file.

    Attributes:
        bgr: uint8 [height, width, 3], read-only.
        time_s: its time in the file.
        duration_s: how long it is shown.
        taken_at: when it was taken, as the file says; None where it does not.
        is_photograph: whether it stands still, unlike those of animations and clips.
        is_annotated: whether livecam has drawn a map into it already.
    """

    bgr: BgrImage
    time_s: float
    duration_s: float
    taken_at: datetime | None = None
    is_photograph: bool = False
    is_annotated: bool = False

    def as_frame(self, index: int, time_s: float, path: Path) -> Frame:
        """The frame of the whole sequence: with this number, at this time, of this file."""
        return Frame(
            self.bgr,
            index,
            time_s,
            str(path),
            duration_s=self.duration_s,
            taken_at=self.taken_at,
            is_photograph=self.is_photograph,
            is_annotated=self.is_annotated,
        )


def timed_pictures(path: Path, limits: SizeLimits = DEFAULT_LIMITS) -> Iterator[TimedPicture]:
    """Every picture of a file.

    Raises:
        UnreadablePictureError, SourceError, SourceLostError: after the last one to be had.
    """
    return _clip_pictures(path, limits) if is_clip(path) else _still_pictures(path, limits)


def _still_pictures(path: Path, limits: SizeLimits) -> Iterator[TimedPicture]:
    time_s = 0.0
    for picture in read_pictures(path, limits):
        own_s = picture.duration_s
        if own_s is not None and not time_s and count_pictures(path, limits) == 1:
            own_s = None  # an animation of one picture is none
        duration_s = SECONDS_EACH if own_s is None else own_s
        yield TimedPicture(
            picture.bgr, time_s, duration_s, picture.taken_at, is_photograph=own_s is None
        )
        time_s += duration_s


def _clip_pictures(path: Path, limits: SizeLimits) -> Iterator[TimedPicture]:
    """The frames of a clip; the last one lasts as it says, else as long as the one before it."""
    from livecam.sources.clip import Clip

    lost: SourceLostError | None = None
    with Clip(path, limits) as clip:
        present, duration_s = None, SECONDS_EACH  # a clip of one frame is a picture
        try:
            for following in clip:
                if present is not None:
                    duration_s = following.time_s - present.time_s
                    yield _timed(present, duration_s)
                present = following
        except SourceLostError as error:
            lost = error
        if present is not None:
            own_s = present.duration_s if present.index else None
            yield _timed(present, own_s or duration_s)
    if lost is not None:
        raise lost


def _timed(frame: Frame, duration_s: float) -> TimedPicture:
    return TimedPicture(
        frame.bgr, frame.time_s, duration_s, frame.taken_at, is_annotated=frame.is_annotated
    )


def first_picture(path: Path) -> BgrImage | None:
    """The first picture of a file or clip; None where it has none to be read."""
    try:
        first = next(timed_pictures(path), None)
    except (UnreadablePictureError, SourceError, SourceLostError):
        return None
    return first.bgr if first is not None else None


def opens_as_clip(path: Path) -> bool:
    """Whether a file of unknown kind gives a picture as a clip."""
    try:
        return next(_clip_pictures(path, DEFAULT_LIMITS), None) is not None
    except (SourceError, SourceLostError):
        return False
