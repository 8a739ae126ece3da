"""A picture, or the pictures and clips of a folder or a glob, one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.redaction import without_credentials
from livecam.core.seek_and_speed import Jump, file_place
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.format import CLIP_SUFFIXES, is_clip
from livecam.sources.files.listing import (
    FileListing,
    describe_nothing_found,
    describe_passed_over,
    list_files,
    title_of,
)
from livecam.sources.files.picture import (
    UnreadablePictureError,
    count_pictures,
    describe_guesses,
)
from livecam.sources.files.timed_pictures import (
    SECONDS_EACH,
    TimedPicture,
    opens_as_clip,
    timed_pictures,
)
from livecam.sources.open_state import OpenState

_NAMED = 3


class FileSequence:
    """Pictures and clips as a source; implements protocols.Source, Noticing and Seekable.

    A broken one is left out and reported. A frame's name is its file's.
    """

    is_live = False

    def __init__(self, pattern: str, limits: SizeLimits = DEFAULT_LIMITS) -> None:
        """`pattern` is a file, a folder or a glob; see `find`.

        Pictures that are larger than the limits allow are left out and reported.
        """
        self._pattern, self._limits = pattern, limits
        self._listing = FileListing(())
        self._state = OpenState("a FileSequence")
        self._faults: dict[Path, _Fault] = {}
        self._starts: dict[int, _Start] = {}

    @cached_property
    def title(self) -> str:
        """The file, folder or glob."""
        return title_of(self._pattern)

    @property
    def paths(self) -> Sequence[Path]:
        """The pictures and clips that were found."""
        return self._listing.paths

    @property
    def notice(self) -> str:
        """What of a folder or a glob is no picture and no clip, and what is guessed; or ""."""
        passed_over = describe_passed_over(self._listing, self._pattern)
        return "; ".join(filter(None, (passed_over, describe_guesses(self._listing.paths))))

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
        return (
            None
            if self.has_clips
            else sum(count_pictures(path, self._limits) for path in self._listing.paths)
        )

    @property
    def rate(self) -> float | None:
        """Of pictures without a time of their own; None where there may be others."""
        moving = {".apng", ".avifs", ".gif"} | CLIP_SUFFIXES
        if any(path.suffix.casefold() in moving for path in self._listing.paths):
            return None
        is_one = len(self._listing.paths) == 1
        return None if is_one and self.frame_count != 1 else 1.0 / SECONDS_EACH

    def __enter__(self) -> Self:
        """Find the files, unless that has been done.

        Raises:
            SourceError: there is none.
        """
        if not self._listing.paths:
            self.find()
        self._state.enter()
        return self

    def find(self) -> None:
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

    def keep(self, places: Iterable[int]) -> None:
        """Leave out all that was found but the files at these places; before it is iterated."""
        self._listing = replace(self._listing, paths=tuple(self.paths[place] for place in places))

    def __exit__(self, *_: object) -> None:
        """End the iteration; no file stays open when it is over."""
        self._state.leave()

    def __iter__(self) -> Iterator[Frame]:
        """Each picture that can be read.

        Raises:
            SourceError: none of them can be read.
            SourceLostError: after the last one, naming the files that could not be read whole.
            RuntimeError: the source is not open.
        """
        self._faults.clear()
        self._starts.clear()
        yield from self._state.while_open(self._frames_from(0, _Start(0, 0.0)))

    @property
    def can_seek(self) -> bool:
        """True: files can be read again."""
        return True

    def frames_after(self, jump: Jump, shown: Frame) -> Iterator[Frame]:
        """The pictures from another file, or from an earlier picture, on.

        Raises:
            SourceLostError, RuntimeError: as for the whole iteration.
        """
        yield from self._state.while_open(self._frames_after(jump, shown))

    def _frames_after(self, jump: Jump, shown: Frame) -> Iterator[Frame]:
        number = self._number_of(shown)
        if jump.to_start or not (jump.steps or jump.frames_back):
            yield from self._frames_from(0, _Start(0, 0.0))
        elif jump.frames_back:
            wanted = max(0, shown.index - jump.frames_back)
            number = max(n for n in self._starts if n <= number and self._starts[n].index <= wanted)
            yield from self._frames_from(
                number, self._starts[number], skipped=wanted - self._starts[number].index
            )
        else:
            number = self._stepped(number, jump.steps)
            after = _Start(shown.index + 1, shown.time_s + (shown.duration_s or SECONDS_EACH))
            yield from self._frames_from(number, self._starts.get(number, after))

    def describe_place(self, shown: Frame) -> str:
        """The file's name, and which of them it is."""
        paths = self._listing.paths
        return file_place(Path(shown.name).name, self._number_of(shown) + 1, len(paths))

    def _number_of(self, shown: Frame) -> int:
        return next(n for n, path in enumerate(self._listing.paths) if str(path) == shown.name)

    def _stepped(self, number: int, steps: int) -> int:
        """The file so many steps away, without those that gave nothing; the last one at an end."""
        paths = self._listing.paths
        empty = {path for path, fault in self._faults.items() if not fault.pictures}
        order = [n for n, path in enumerate(paths) if path not in empty]
        return order[min(len(order) - 1, max(0, order.index(number) + steps))]

    def _frames_from(self, number: int, start: "_Start", *, skipped: int = 0) -> Iterator[Frame]:
        """The pictures of a file, but for the first ones, and of all files after it."""
        index, begins_s = start.index, start.time_s
        for place, path in enumerate(self._listing.paths[number:], start=number):
            ends_s = 0.0
            self._starts[place] = _Start(index, begins_s)
            for picture in self._pictures(path):
                time_s = begins_s + picture.time_s
                if place > number or index - start.index >= skipped:
                    yield picture.as_frame(index, time_s, path)
                index, ends_s = index + 1, picture.time_s + picture.duration_s
            begins_s += ends_s
        self._raise_faults(index)

    def _pictures(self, path: Path) -> Iterator[TimedPicture]:
        """The pictures of a file; what is wrong with it is noted."""
        count = 0
        try:
            for picture in timed_pictures(path, self._limits):
                count += 1
                yield picture
        except UnreadablePictureError as error:
            if not error.is_foreign or len(self._listing.paths) == 1:
                original = path.name.removeprefix("._") if error.is_foreign else ""
                way_out = error.advice or f"give {original or _WAY_OUT}"
                self._faults[path] = _Fault(path, f"{path} {error}: {way_out}.", count)
        except (SourceError, SourceLostError) as error:
            self._faults[path] = _Fault(path, str(error), count)

    def _raise_faults(self, good: int) -> None:
        faults = list(self._faults.values())
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


@dataclass(frozen=True, slots=True)
class _Start:
    """Number and time of the first picture of a file."""

    index: int
    time_s: float


@dataclass(frozen=True, slots=True)
class _Fault:
    """A file that could not be read whole: why, as a sentence, and how many pictures it gave."""

    path: Path
    text: str
    pictures: int
