"""The clips of an archive, opened again where they lie: pictures of moments, and cuts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Self, TypeVar

from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.map_of_look import small_picture, with_map
from livecam.core.archive.sources import name_of_text
from livecam.core.formatting import counted
from livecam.core.map_choices import Area
from livecam.core.map_scale import MapScale
from livecam.core.redaction import looks_like_address
from livecam.core.types import BgrImage, Frame
from livecam.errors import LivecamError, SourceError
from livecam.sinks.recording.cut import ClipPart, CutClip, copy_cut, encode_cut
from livecam.sources.clip import Clip
from livecam.sources.open_source import create_source

Made = TypeVar("Made")
LocalCopy = Callable[[str], AbstractContextManager[Path]]

MOST_NAMED = 5
"""So many clips that cannot be read are named, one a line."""


class ArchivedClips:
    """Opens one clip after the other, inside a with statement; the last one stays open."""

    def __init__(
        self, archive: Path, say: Callable[[str], None], *, copied: LocalCopy | None = None
    ) -> None:
        """Open nothing yet.

        Args:
            archive: its folder: names of clips that are not absolute may count from there on.
            say: gets a line about each clip that cannot be read.
            copied: copies what lies behind an address, one file at a time; None: it is not read.
        """
        self._archive, self._say, self._copied = archive, say, copied
        self._copy: Path | None = None  # of the source that is open
        self._is_copying_said = False
        self._stack = ExitStack()
        self._source = ""
        self._clip: Clip | None = None
        self._lost: dict[str, str] = {}
        self._pictures_lost: set[str] = set()

    def __enter__(self) -> Self:
        """Nothing is open yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the last clip; say how many more could not be read."""
        self._stack.close()
        left = len(self._lost) - MOST_NAMED
        if left > 0:
            self._say(f"{counted(left, 'other clip')} cannot be read either")

    @property
    def unread(self) -> int:
        """How many clips and pictures could not be read; a picture that is no clip can."""
        return len(self._lost.keys() - self._pictures_lost)

    def path_of(self, source: str) -> Path | None:
        """Where a clip lies; None where it is not there any more."""
        if looks_like_address(source):
            return None
        for name in (source, name_of_text(source)):
            path = Path(name)
            for candidate in (path, self._archive / path, self._archive.parent / path):
                with suppress(OSError):
                    if candidate.is_file():
                        return candidate
        return None

    def picture_at(self, moment: FoundMoment, time_s: float) -> BgrImage | None:
        """The picture of this time in a moment's clip; None where it cannot be read, which is said.

        uint8 BGR [height, width, 3].
        """
        return self._tried(moment.source, lambda: self._frame_at(moment.source, time_s).bgr)

    def thumbnail_of(
        self, moment: FoundMoment, width_px: int, area: Area, scale: MapScale
    ) -> BgrImage | None:
        """The strongest look of a moment with its map, not wider than this; None as above.

        Args:
            moment: with the map of its strongest look.
            width_px: of the picture.
            area: what the network saw of the clip's pictures.
            scale: of the network's maps.
        """
        bgr = self.picture_at(moment, moment.strongest.time_s)
        if bgr is None:
            return None
        return with_map(small_picture(bgr, width_px), moment.strongest, area, scale)

    def cut(self, moment: FoundMoment, target: Path) -> CutClip | None:
        """Cut a moment out as a clip of its own; None where the clip cannot be read, which is said.

        Args:
            moment: what is cut out.
            target: without a suffix.

        Raises:
            SinkError: it cannot be written.
        """
        return self._tried(moment.source, lambda: self._cut(moment, target))

    def _cut(self, moment: FoundMoment, target: Path) -> CutClip | None:
        clip = self._opened(moment.source)
        if clip is None:
            self._pictures_lost.add(moment.source)
            raise SourceError(f"{moment.source} is a picture: only clips can be cut.")
        part = ClipPart(clip.path, clip.began_s, moment.start_s, moment.end_s, moment.start)
        copied = copy_cut(part, target)
        if copied is not None:
            return copied
        return encode_cut(part, clip.frames_from(moment.start_s), clip.rate, target)

    def _tried(self, source: str, make: Callable[[], Made]) -> Made | None:
        """What is made of a clip; None where that cannot be read."""
        if source in self._lost:
            return None
        try:
            return make()
        except LivecamError as error:
            if error.exit_code not in _OF_SOURCES:
                raise
            self._lost[source] = str(error)
            if len(self._lost) <= MOST_NAMED:
                self._say(str(error))
            return None

    def _frame_at(self, source: str, time_s: float) -> Frame:
        clip = self._opened(source)
        frames = self._pictures(source) if clip is None else clip.frames_from(time_s)
        found = next(frames, None)
        if found is None:
            raise SourceError(f"{source} has no picture at {time_s:.1f} s: was it changed?")
        return found

    def _pictures(self, source: str) -> Iterator[Frame]:
        with create_source(str(self._copy or self._path(source))) as opened:
            yield from (frame for frame in opened if isinstance(frame, Frame))

    def _path(self, source: str) -> Path:
        path = self.path_of(source)
        if path is None and looks_like_address(source):
            raise SourceError(
                f"{source} does not lie on this machine: no pictures and cuts are made of it."
            )
        if path is None:
            raise SourceError(
                f"{source} is not there any more, it was moved or deleted: put it back, or measure "
                "it in its new place with livecam batch."
            )
        return path

    def _opened(self, source: str) -> Clip | None:
        """The clip, open, its first frame decoded; None for a picture."""
        if source == self._source:
            return self._clip
        self._stack.close()
        self._source, self._clip, self._copy = "", None, None
        if self._copied is not None and looks_like_address(source):
            path = self._copy = self._copy_of(source, self._copied)
        else:
            path = self._path(source)
        created = create_source(str(path))
        if isinstance(created, Clip):
            self._stack.enter_context(created)
            next(iter(created), None)  # times count from the first frame
            self._clip = created
        self._source = source
        return self._clip

    def _copy_of(self, address: str, copied: LocalCopy) -> Path:
        """The file behind an address, for as long as it is open: cutting seeks in all of it."""
        if not self._is_copying_said:
            self._is_copying_said = True
            self._say("clips behind addresses are copied first, one at a time")
        return self._stack.enter_context(copied(name_of_text(address)))


_OF_SOURCES = frozenset({3, 4})
"""Exit codes of errors that are a clip's own."""
