"""Annotated pictures as files (--save-pictures): each picture of a folder, moments of a clip."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import cv2

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted
from livecam.core.types import Frame
from livecam.errors import SettingsError, SinkError
from livecam.pipeline.background_writer import BackgroundWriter, BackgroundWriterSink
from livecam.sinks.output_paths import (
    Now,
    create_free_files,
    dated_stem,
    is_same_file,
    made_folder,
)

FLAG = "--save-pictures"
JPEG_QUALITY = 95
THREAD_NAME = "livecam-pictures"  # see livecam/__main__.py

MOST_PICTURES = 8
"""So many wait for a disk that stalls."""

DISK_PATIENCE_S = 10.0
"""At the end, so long is waited for a disk that takes nothing."""

DISK_LIMIT_S = 60.0
"""The whole end may take so long."""

# What else there is (HEIC, AVIF, raw video) becomes a JPEG.
_WRITTEN_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})

_Picture = tuple[AnnotatedFrame, bool]
"""A frame, and whether its picture's name has its number."""


@dataclass(frozen=True, slots=True)
class PictureNames:
    """What the pictures of a source are called.

    A picture has the name that it has in its own folder, and the folders below that. Of what moves
    there is one picture every few seconds, with the number of its frame; those of a camera have
    date and time.

    Attributes:
        root: the folder that the source's files lie in or below.
        title: the source's name, for frames without a name of their own.
        is_live: whether it is a camera or a live stream.
        is_clip: whether a file is a clip and no picture.
        sources: all files of the source: none of them is replaced.
    """

    root: Path
    title: str
    is_live: bool
    is_clip: Callable[[Path], bool]
    sources: Sequence[Path] = ()

    def moves(self, frame: Frame) -> bool:
        """Whether the frame is one of many of a camera or a clip."""
        return not frame.name or self.is_clip(Path(frame.name))

    def relative(self, frame: Frame, *, numbered: bool) -> Path:
        """Name and folder of a frame's picture, below the folder that all go to."""
        if not frame.name:
            stem = re.sub(r"[^\w.-]+", "_", Path(self.title).stem) or "picture"
            return Path(f"{stem}_{frame.index:06d}.jpg")
        path = Path(frame.name)
        below = path.relative_to(self.root) if path.is_relative_to(self.root) else Path(path.name)
        suffix = path.suffix if path.suffix.casefold() in _WRITTEN_SUFFIXES else ".jpg"
        number = f"_{frame.index:06d}" if numbered else ""
        return below.with_name(f"{path.stem}{number}{suffix}")


class PictureFiles(BackgroundWriterSink[_Picture]):
    """Writes annotated pictures below a folder, in a thread; implements BackgroundSink."""

    def __init__(
        self,
        folder: Path,
        names: PictureNames,
        *,
        every_s: float,
        force: bool,
        say: Callable[[str], None] = lambda _: None,
        now: Now = datetime.now,
    ) -> None:
        """Write nothing yet.

        Args:
            folder: where they go; made with the first one.
            names: what they are called.
            every_s: seconds of the source between two pictures of what moves; 0 for all.
            force: whether an existing picture may be replaced, never one of the source.
            say: gets one line at the end.
            now: the wall clock, for names.
        """
        self._folder, self._names, self._every_s = folder, names, every_s
        self._force, self._say, self._now = force, say, now
        self._last_name: str | None = None
        self._next_s = self._last_s = 0.0
        self._made: set[Path] = set()
        self._writer: BackgroundWriter[_Picture] | None = None
        self._dropped = 0

    def __enter__(self) -> Self:
        """Start the thread that writes."""
        self._writer = BackgroundWriter(self._write, most=MOST_PICTURES, name=THREAD_NAME)
        return self

    def __exit__(self, *error: object) -> None:
        """Write what is still to be written, and say how many there are.

        Raises:
            SettingsError, SinkError: as `show`, unless another error ends the run.
        """
        writer, self._writer = self._writer, None
        if writer is None:
            return
        writer.close(patience_s=DISK_PATIENCE_S, limit_s=DISK_LIMIT_S)
        self._dropped = writer.dropped
        if self._made:
            self._say(f"saved {counted(len(self._made), 'picture')} in {self._folder}")
        if not any(error):
            writer.raise_error()

    def dropped(self) -> int:
        """How many pictures were dropped so far."""
        return self._dropped if self._writer is None else super().dropped()

    def show(self, annotated: AnnotatedFrame) -> None:
        """Hand the picture of a frame to the thread, where it is one that is wanted.

        Raises:
            SettingsError: for an earlier one there is such a file already, or one of the source.
            SinkError: an earlier one could not be written.
        """
        if self._writer is None:
            raise RuntimeError("PictureFiles are used inside a with statement")
        self._writer.raise_error()
        frame = annotated.frame
        is_next = bool(frame.name) and frame.name == self._last_name  # of an animation
        moves = is_next or self._names.moves(frame)
        if moves and not self._is_due(frame, is_first=frame.name != self._last_name):
            return
        self._last_name = frame.name
        if self._names.is_live:
            _ = annotated.draw  # its letters are drawn in this thread
            self._writer.put((annotated, moves))
        else:  # nothing is lost meanwhile, and what is refused comes before other sinks
            self._write((annotated, moves))

    def _is_due(self, frame: Frame, *, is_first: bool) -> bool:
        """Whether so much time has passed; a clip that was wound back begins anew."""
        if is_first or frame.time_s < self._last_s:
            self._next_s = frame.time_s
        self._last_s = frame.time_s
        if frame.time_s < self._next_s - 1e-6:
            return False
        self._next_s = max(self._next_s + self._every_s, frame.time_s)
        return True

    def _write(self, picture: _Picture) -> None:
        """Called in the thread with each picture."""
        annotated, numbered = picture
        path = self._folder / self._names.relative(annotated.frame, numbered=numbered)
        try:
            data = _encoded(annotated, path.suffix)
            with self._created(path, annotated.frame) as file:
                path = Path(file.name)
                try:
                    file.write(data)
                except OSError:
                    path.unlink(missing_ok=True)  # no half picture
                    raise
        except FileExistsError as error:
            raise SettingsError(
                f"{path} exists already: give another folder, or --force."
            ) from error
        except OSError as error:
            raise SinkError(f"{path} was not saved ({error.strerror}): check the disk.") from error
        self._made.add(path)

    def _created(self, path: Path, frame: Frame) -> BinaryIO:
        """The file of a picture, open for writing.

        Raises:
            SettingsError: it is one of the source.
            OSError: it cannot be created.
        """
        made_folder(path.parent, FLAG)
        if self._names.is_live:  # another run may save into the same folder
            return create_free_files(path.parent, dated_stem(self._now()), [path.suffix])[0]
        if path in self._made:  # a.heic and a.jpg are both called a.jpg
            return create_free_files(path.parent, path.stem, [path.suffix])[0]
        if path.exists() and self._is_of_the_source(path, frame):
            raise SettingsError(f"{path} is a picture of the source: give another {FLAG}.")
        if path.exists() and not path.is_file():  # a named pipe would be waited for without end
            raise SettingsError(f"{path} is no ordinary file: give another {FLAG}.")
        return path.open("wb" if self._force else "xb")

    def _is_of_the_source(self, path: Path, frame: Frame) -> bool:
        if any(is_same_file(path, source) for source in (*self._names.sources, Path(frame.name))):
            return True
        # With --force another picture of the same folder might be replaced, too.
        is_beside = bool(frame.name) and is_same_file(path.parent, Path(frame.name).parent)
        return self._force and is_beside


def _encoded(annotated: AnnotatedFrame, suffix: str) -> bytes:
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    is_jpeg = suffix.casefold() in (".jpg", ".jpeg")
    try:
        done, data = cv2.imencode(suffix, annotated.picture, quality if is_jpeg else [])
    except cv2.error as error:  # a JPEG has 65,535 pixels at most on a side
        raise OSError(0, f"no {suffix} can be made of it: {error.err}") from error
    if not done:
        raise OSError(0, f"no {suffix} can be made of it")
    return data.tobytes()
