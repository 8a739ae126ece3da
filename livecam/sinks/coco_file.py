"""The boxes of every picture as one file of COCO JSON (`--stats FILE.coco.json` with `--boxes`)."""

import json
import shutil
from codecs import StreamWriter
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, Self

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.coco_json import CocoNumbers, PictureObjects
from livecam.errors import SettingsError
from livecam.pipeline.background_writer import BackgroundWriter, BackgroundWriterSink
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.picture_files import PictureNames
from livecam.sinks.stats_log import DISK_PATIENCE_S, MOST_RECORDS, THREAD_NAME
from livecam.sinks.whole_file import ESCAPED, not_written, whole_text_file

FLAG = "--stats"

MOST_MEMORY_BYTES = 1 << 20
"""Of each list; beyond that it is kept on the disk, in a file without a name."""

_Shown = tuple[PictureObjects, str]
"""What is in a picture, and the class that was looked for in it."""


class CocoFile(BackgroundWriterSink[_Shown]):
    """Keeps the boxes, and writes the file at the end; implements protocols.BackgroundSink.

    COCO JSON is one document: it is whole only when the last picture is known. Until then the
    entries of its lists are collected, in a thread and in a bounded part of the memory.
    """

    def __init__(self, path: Path, names: PictureNames, *, force: bool) -> None:
        """Check the name; nothing is written yet.

        Args:
            path: of the file.
            names: what the pictures are called: as --save-pictures calls them.
            force: whether it may exist.

        Raises:
            SettingsError: the file exists and may not be replaced, or its folder does not.
        """
        refuse_existing(path, force=force)
        self._path, self._names = path, names
        self._numbers = CocoNumbers()
        self._images, self._annotations = _Entries(path.parent), _Entries(path.parent)
        self._writer: BackgroundWriter[_Shown] | None = None

    def __enter__(self) -> Self:
        """Start the thread that collects."""
        self._writer = BackgroundWriter(self._collect, most=MOST_RECORDS, name=THREAD_NAME)
        return self

    def __exit__(self, *error: object) -> None:
        """Write what there is, unless the run was refused.

        Raises:
            SinkError: as `show`, unless another error ends the run.
        """
        writer = self._writer
        if writer is None:
            return
        if not writer.close(patience_s=DISK_PATIENCE_S, limit_s=DISK_PATIENCE_S):
            return  # the thread hangs in its files; what is lost counts as dropped
        with ExitStack() as stack:
            stack.callback(self._images.close)
            stack.callback(self._annotations.close)
            is_refused = len(error) > 1 and isinstance(error[1], SettingsError)
            if writer.error is None and self._images.count and not is_refused:
                self._write()
            if not any(error):
                writer.raise_error()

    def show(self, annotated: AnnotatedFrame) -> None:
        """Hand the boxes of one picture to the thread.

        Raises:
            SinkError: earlier ones could not be kept: the disk is full, or the like.
        """
        if self._writer is None:
            raise RuntimeError("a CocoFile is used inside a with statement")
        self._writer.raise_error()
        frame = annotated.frame
        height, width = frame.bgr.shape[:2]
        name = self._names.relative(frame, numbered=self._names.moves(frame)).as_posix()
        picture = PictureObjects(name, width, height, annotated.objects)
        self._writer.put((picture, annotated.stats.class_name))

    def _collect(self, shown: _Shown) -> None:
        """Called in the thread with each picture."""
        picture, class_name = shown
        self._numbers.number_of(class_name)
        image, annotations = self._numbers.entries_of(picture)
        try:
            self._images.add(image)
            for annotation in annotations:
                self._annotations.add(annotation)
        except OSError as error:
            raise not_written(self._path, FLAG, error) from error

    def _write(self) -> None:
        with whole_text_file(self._path, FLAG) as file:
            file.write('{"images": [\n')
            self._images.copy_to(file)
            file.write('\n],\n"annotations": [\n')
            self._annotations.copy_to(file)
            categories = json.dumps(self._numbers.categories(), ensure_ascii=False)
            file.write(f'\n],\n"categories": {categories}}}\n')


class _Entries:
    """The entries of one list of the document, as text: in memory, and from some size on a disk."""

    def __init__(self, folder: Path) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115  (closed by `close`)
            MOST_MEMORY_BYTES, "w+", dir=str(folder), encoding="utf-8", errors=ESCAPED
        )
        self.count = 0

    def add(self, entry: dict[str, Any]) -> None:
        """One more."""
        comma = ",\n" if self.count else ""
        self._file.write(comma + json.dumps(entry, ensure_ascii=False))
        self.count += 1

    def copy_to(self, file: StreamWriter) -> None:
        """Write all of them there."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)

    def close(self) -> None:
        """Forget them."""
        with suppress(OSError):  # a full disk: the last ones are not on it
            self._file.close()
