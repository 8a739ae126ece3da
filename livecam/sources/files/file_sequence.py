"""A picture, or the pictures and clips of a folder or a glob, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from livecam.core.redaction import without_credentials
from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.format import CLIP_SUFFIXES, is_clip
from livecam.sources.files.listing import (
    FileListing,
    describe_nothing_found,
    describe_passed_over,
    list_files,
)
from livecam.sources.files.picture import UnreadablePictureError, count_pictures, read_pictures

SECONDS_EACH = 1.0
"""How long a picture is shown and recorded, unless it belongs to an animation."""

_NAMED = 3


class FileSequence:
    """Pictures and clips as a source; implements protocols.Source and Noticing.

    A broken one is left out and reported. A frame's name is its file's.
    """

    is_live = False

    def __init__(self, pattern: str) -> None:
        """`pattern` is a file, a folder or a glob; it is looked up on entering."""
        self._pattern = pattern
        self._listing = FileListing(())
        self._faults: list[_Fault] = []

    @property
    def title(self) -> str:
        """The file, folder or glob."""
        return Path(self._pattern).name or self._pattern

    @property
    def notice(self) -> str:
        """What of a folder or a glob is no picture and no clip; "" where nothing is."""
        return describe_passed_over(self._listing, self._pattern)

    @property
    def holds_last(self) -> bool:
        """A window stays open on a picture, and closes after a clip."""
        paths = self._listing.paths
        return not (paths and is_clip(paths[-1]))

    @cached_property
    def has_clips(self) -> bool:
        """Whether there are clips among the files."""
        return any(map(is_clip, self._listing.paths))

    @cached_property
    def frame_count(self) -> int | None:
        """How many pictures there are, those of animations included; None where clips are."""
        return None if self.has_clips else sum(map(count_pictures, self._listing.paths))

    @property
    def rate(self) -> float | None:
        """Of pictures without a time of their own; None where there may be others."""
        moving = {".apng", ".avifs", ".gif"} | CLIP_SUFFIXES
        if any(path.suffix.casefold() in moving for path in self._listing.paths):
            return None
        is_one = len(self._listing.paths) == 1
        return None if is_one and self.frame_count != 1 else 1.0 / SECONDS_EACH

    def __enter__(self) -> Self:
        """Find the files.

        Raises:
            SourceError: there is none.
        """
        try:
            self._listing = list_files(self._pattern, opens_as_clip)
        except OSError as error:
            raise SourceError(
                f"{without_credentials(self._pattern)} cannot be listed ({error.strerror}): "
                "check its permissions."
            ) from error
        if not self._listing.paths:
            raise SourceError(describe_nothing_found(self._pattern, self._listing))
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close: no file stays open when the iteration is over."""

    def __iter__(self) -> Iterator[Frame]:
        """Each picture that can be read.

        Raises:
            SourceError: none of them can be read.
            SourceLostError: after the last one, naming the files that could not be read whole.
        """
        self._faults.clear()
        index, begins_s = 0, 0.0
        for path in self._listing.paths:
            ends_s = 0.0
            for picture in self._pictures(path):
                time_s = begins_s + picture.time_s
                yield Frame(picture.bgr, index, time_s, str(path), duration_s=picture.duration_s)
                index, ends_s = index + 1, picture.time_s + picture.duration_s
            begins_s += ends_s
        self._raise_faults(index)

    def _pictures(self, path: Path) -> "Iterator[_TimedPicture]":
        """The pictures of a file; what is wrong with it is noted."""
        count = 0
        try:
            for picture in _clip_pictures(path) if is_clip(path) else _still_pictures(path):
                count += 1
                yield picture
        except UnreadablePictureError as error:
            if not error.is_foreign or len(self._listing.paths) == 1:
                original = path.name.removeprefix("._") if error.is_foreign else ""
                text = f"{path} {error}: give {original or _WAY_OUT}."
                self._faults.append(_Fault(path, text, count))
        except (SourceError, SourceLostError) as error:
            self._faults.append(_Fault(path, str(error), count))

    def _raise_faults(self, good: int) -> None:
        faults = self._faults
        if not faults and good:
            return
        if not faults:
            raise SourceError(f"{self._pattern} has nothing but files that macOS keeps of others.")
        if good == 0 and len(faults) == 1:
            raise SourceError(faults[0].text)
        names = ", ".join(str(fault.path) for fault in faults[:_NAMED])
        names += f" and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
        if good == 0:
            raise SourceError(
                f"each of {len(faults)} files ({names}) cannot be read: {faults[0].text}"
            )
        if len(self._listing.paths) == 1:
            raise SourceLostError(f"{faults[0].text} What could be read was used.")
        what = "files" if self.has_clips else "pictures"
        partly = sum(fault.pictures > 0 for fault in faults)
        verb = "were left out" if not partly else "were left out or read in part"
        raise SourceLostError(
            f"{len(faults)} of {len(self._listing.paths)} {what} could not be read and {verb}: "
            f"{names}."
        )


_WAY_OUT = "a .jpg, .png, .heic, .webp, .tif or .bmp file"


@dataclass(frozen=True, slots=True, eq=False)
class _TimedPicture:
    """A picture, its time in its file and how long it is shown, in seconds."""

    bgr: BgrImage
    time_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class _Fault:
    """A file that could not be read whole: why, as a sentence, and how many pictures it gave."""

    path: Path
    text: str
    pictures: int


def _still_pictures(path: Path) -> Iterator[_TimedPicture]:
    time_s = 0.0
    for picture in read_pictures(path):
        own_s = picture.duration_s
        if own_s is not None and not time_s and count_pictures(path) == 1:
            own_s = None  # an animation of one picture is none
        duration_s = SECONDS_EACH if own_s is None else own_s
        yield _TimedPicture(picture.bgr, time_s, duration_s)
        time_s += duration_s


def _clip_pictures(path: Path) -> Iterator[_TimedPicture]:
    """The frames of a clip; the last one lasts as it says, else as long as the one before it."""
    from livecam.sources.clip import Clip

    lost: SourceLostError | None = None
    with Clip(path) as clip:
        present, duration_s = None, SECONDS_EACH  # a clip of one frame is a picture
        try:
            for following in clip:
                if present is not None:
                    duration_s = following.time_s - present.time_s
                    yield _TimedPicture(present.bgr, present.time_s, duration_s)
                present = following
        except SourceLostError as error:
            lost = error
        if present is not None:
            own_s = present.duration_s if present.index else None
            yield _TimedPicture(present.bgr, present.time_s, own_s or duration_s)
    if lost is not None:
        raise lost


def first_picture(path: Path) -> BgrImage | None:
    """The first picture of a file or clip; None where it has none to be read."""
    try:
        first = next(_clip_pictures(path) if is_clip(path) else _still_pictures(path), None)
    except (UnreadablePictureError, SourceError, SourceLostError):
        return None
    return first.bgr if first is not None else None


def opens_as_clip(path: Path) -> bool:
    """Whether a file of unknown kind gives a picture as a clip."""
    try:
        return next(_clip_pictures(path), None) is not None
    except (SourceError, SourceLostError):
        return False
