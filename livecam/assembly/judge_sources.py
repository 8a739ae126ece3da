"""The pictures that `livecam judge` takes: files, folders, globs, clips, and the scene's own."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeGuard, TypeVar

import numpy as np
import numpy.typing as npt

from livecam.core.bounding_box import Box
from livecam.core.evenly_chosen import evenly_chosen
from livecam.core.formatting import counted
from livecam.core.protocols import FromFiles, Noticing, Source
from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.files.special_files import announce_wait
from livecam.sources.open_source import create_source
from livecam.sources.source_argument import path_of_url

Say = Callable[[str], None]
Item = TypeVar("Item")

SCENE = "daisy"
SCENE_FLOWERS = range(1, 6)
SCENE_PICTURES = 25
"""So many pictures of the scene are judged where no limit is given."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureToJudge:
    """A picture, and what is known about it.

    Attributes:
        bgr: uint8 [height, width, 3].
        name: its file, or what stands for it.
        folder: name of the folder that it lies in; "" where it lies in none.
        boxes: around its things, where the source itself knows them; None where it does not.
        mask: bool [height, width], on the things; None where it is not known.
    """

    bgr: BgrImage
    name: str
    folder: str = ""
    boxes: tuple[Box, ...] | None = None
    mask: npt.NDArray[np.bool_] | None = None


class PicturesToJudge:
    """All that was named on the command line, one after the other; iterated once.

    Attributes:
        problem: the last source that could not be read, or not all of it; None while all could.
            It does not end the iteration: the next source follows.
        file_names: all files whose pictures may come; None where some have other names.
    """

    def __init__(
        self,
        texts: Sequence[str],
        say: Say,
        *,
        limit: int | None = None,
        with_subfolders: bool = False,
    ) -> None:
        """Find the files; pictures are read while iterating.

        Args:
            texts: sources as typed.
            say: receives what is passed over in folders, and what cannot be read.
            limit: so many pictures at most, evenly chosen where their number is known.
            with_subfolders: whether a folder means what lies in its folders, too.

        Raises:
            SourceError: one of them is nothing that has pictures.
        """
        self.problem: SourceError | SourceLostError | None = None
        self._say, self._limit = say, limit
        paths = [path_of_url(text) for text in texts]
        found = map(_below, paths) if with_subfolders else paths
        self._sources: list[Source | None] = [_source_of(text) for text in found]
        self.file_names = _file_names(self._sources)

    @property
    def count(self) -> int | None:
        """How many pictures there will be; None where that is not known.

        Raises:
            SourceError: a clip does not open.
        """
        total = self._total
        return total if total is None or self._limit is None else min(self._limit, total)

    @property
    def _scene_pictures(self) -> int:
        """How many the scene has; alone it has as many as are asked for."""
        return self._limit if self._limit and self._sources == [None] else SCENE_PICTURES

    @cached_property
    def _counts(self) -> list[int | None]:
        """How many pictures each source has; None where that is not known."""
        return [
            self._scene_pictures if source is None else _count_of(source)
            for source in self._sources
        ]

    @property
    def _total(self) -> int | None:
        known = [count for count in self._counts if count is not None]
        return sum(known) if len(known) == len(self._counts) else None

    def _places(self) -> Iterator[list[int] | None]:
        """Of each source, which of its pictures are taken; None for all of them."""
        total = None if self._limit is None else self._total
        if total is None or self._limit is None:
            yield from [None] * len(self._sources)
            return
        chosen, begin = evenly_chosen(total, self._limit), 0
        for count in self._counts:
            end = begin + (count or 0)
            yield [place - begin for place in chosen if begin <= place < end]
            begin = end

    def __iter__(self) -> Iterator[PictureToJudge]:
        """The pictures, in order."""
        every = (
            picture
            for source, places in zip(self._sources, self._places(), strict=True)
            for picture in self._pictures(source, places)
        )
        return islice(every, self._limit)

    def _pictures(
        self, source: Source | None, places: list[int] | None
    ) -> Iterator[PictureToJudge]:
        if places == []:
            return
        if source is None:
            yield from _at(places, scene_pictures(self._scene_pictures))
            return
        announce_wait(source, self._say)
        try:
            with source:
                if isinstance(source, Noticing) and source.notice:
                    self._say(f"{source.title}: {source.notice}")
                if places is not None and _has_one_in_each_file(source):
                    source.keep(places)  # the others need not be read
                    places = None
                frames = (item for item in source if isinstance(item, Frame))
                for frame in _at(places, frames):
                    yield _picture_of(frame, source)
        except (SourceError, SourceLostError) as error:
            self.problem = error
            if not isinstance(error.__cause__, InterruptedError):  # a signal ended the wait
                self._say(str(error))


def _has_one_in_each_file(source: Source) -> TypeGuard[FileSequence]:
    return isinstance(source, FileSequence) and source.frame_count == len(source.paths)


def _at(places: list[int] | None, items: Iterator[Item]) -> Iterator[Item]:
    """The items at these places; None for all of them."""
    if places is None:
        return items
    wanted = frozenset(places)
    until_last = islice(items, max(wanted) + 1)
    return (item for place, item in enumerate(until_last) if place in wanted)


def _file_names(sources: Sequence[Source | None]) -> list[str] | None:
    """The files of these sources; None where some have pictures with names of another kind."""
    files = [source for source in sources if isinstance(source, FileSequence)]
    if len(files) < len(sources):
        return None
    return [str(path) for source in files for path in source.paths]


def _source_of(text: str) -> Source | None:
    """The source that a word means, found but not opened; None for the scene."""
    if text.strip() == SCENE:
        return None
    if "://" in text or text.strip().isdecimal():
        raise SourceError(
            f"{text} cannot be judged: give pictures, folders, globs, clips or {SCENE}; of a "
            "camera or a stream, judge single frames with the key e."
        )
    source = create_source(text)
    if source.is_live:
        raise SourceError(f"{source.title} is live: judge single frames of it with the key e.")
    return source


def _below(text: str) -> str:
    """The glob for all that lies below a folder that has folders; else the word as typed."""
    try:
        has_folders = any(entry.is_dir() for entry in Path(text).iterdir())
    except OSError:  # no folder, or one that cannot be listed: opening it says so
        return text
    return str(Path(glob.escape(text)) / "**" / "*") if has_folders else text


def _count_of(source: Source) -> int | None:
    """How many pictures a source has; it is opened for that, and closed again."""
    if not all(path.is_file() for path in _files_of(source)):  # a pipe can be opened once
        return None
    with source:
        return source.frame_count


def _files_of(source: Source) -> Sequence[Path]:
    return source.paths if isinstance(source, FromFiles) else ()


def _picture_of(frame: Frame, source: Source) -> PictureToJudge:
    name = frame.name or f"{source.title} at {frame.time_s:.2f} s"
    path = Path(frame.name) if frame.name else next(iter(_files_of(source)), None)
    # The folder that the user sees: links to pictures may lead anywhere.
    folder = Path(os.path.abspath(path)).parent.name if path else ""  # noqa: PTH100
    return PictureToJudge(frame.bgr, name, folder)


def scene_pictures(count: int, seed: int = 0) -> Iterator[PictureToJudge]:
    """Views of the daisy scene with one to five flowers, in turn, with masks and boxes.

    The same count and seed give the same pictures.
    """
    from livecam.sources.synthetic.scene import SceneContents, build_scene
    from livecam.sources.synthetic.truth import PictureWithTruth, pictures_with_truth

    views_each = -(-count // len(SCENE_FLOWERS))
    views: dict[int, Iterator[PictureWithTruth]] = {}
    for number in range(count):
        view, place = divmod(number, len(SCENE_FLOWERS))
        flowers = SCENE_FLOWERS[place]
        if flowers not in views:
            scene = build_scene(seed, SceneContents(flowers=flowers))
            views[flowers] = pictures_with_truth(scene, seed, count=views_each)
        found = next(views[flowers])
        name = f"{SCENE}, {counted(flowers, 'flower')}, view {view + 1}"
        mask = np.asarray(found.masks.any(axis=0))
        yield PictureToJudge(found.bgr, name, SCENE, found.boxes, mask)
