"""The pictures that `livecam judge` takes: files, folders, globs, clips, and the scene's own."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.core.bounding_box import Box
from livecam.core.formatting import counted
from livecam.core.protocols import FromFiles, Noticing, Source
from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.sources.open_source import create_source

Say = Callable[[str], None]

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
            limit: so many pictures at most.
            with_subfolders: whether a folder means what lies in its folders, too.

        Raises:
            SourceError: one of them is nothing that has pictures.
        """
        self.problem: SourceError | SourceLostError | None = None
        self._say, self._limit = say, limit
        found = map(_below, texts) if with_subfolders else texts
        self._sources: list[Source | None] = [_source_of(text) for text in found]

    @property
    def count(self) -> int | None:
        """How many pictures there will be; None where that is not known.

        Raises:
            SourceError: a clip does not open.
        """
        counts = [
            SCENE_PICTURES if source is None else _count_of(source) for source in self._sources
        ]
        known = [count for count in counts if count is not None]
        if len(known) < len(counts):
            return None
        is_limited_scene = self._limit is not None and None in self._sources
        total = self._limit if is_limited_scene else sum(known)
        return total if self._limit is None else min(self._limit, total or 0)

    @property
    def file_names(self) -> list[str] | None:
        """The files whose pictures come; None where some have names of another kind."""
        from livecam.sources.files.file_sequence import FileSequence

        files = [source for source in self._sources if isinstance(source, FileSequence)]
        if len(files) < len(self._sources):
            return None
        return [str(path) for source in files for path in source.paths]

    def __iter__(self) -> Iterator[PictureToJudge]:
        """The pictures, in order."""
        left = self._limit
        for source in self._sources:
            if left == 0:
                return
            for picture in self._pictures(source, left):
                yield picture
                left = None if left is None else left - 1
                if left == 0:
                    break

    def _pictures(self, source: Source | None, limit: int | None) -> Iterator[PictureToJudge]:
        if source is None:
            yield from scene_pictures(SCENE_PICTURES if limit is None else limit)
            return
        try:
            with source:
                if isinstance(source, Noticing) and source.notice:
                    self._say(f"{source.title}: {source.notice}")
                for item in source:
                    if isinstance(item, Frame):
                        yield _picture_of(item, source)
        except (SourceError, SourceLostError) as error:
            self.problem = error
            self._say(str(error))


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
