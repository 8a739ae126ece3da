"""The figures of every frame as JSON lines or CSV (`--stats`), to a file or standard output."""

import csv
import errno
import os
import stat
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self, TextIO

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.printable_text import json_line
from livecam.core.stats_record import csv_record, size_of, stats_record
from livecam.errors import ConsumerGoneError, SettingsError, SinkError
from livecam.native.raw_output import raw_output
from livecam.pipeline.background_writer import BackgroundWriter, BackgroundWriterSink
from livecam.sinks.output_paths import already_exists, refuse_existing

STDOUT = "-"
THREAD_NAME = "livecam-stats"  # see livecam/__main__.py

MOST_RECORDS = 1000
"""So many records wait for a reader or a disk; with --grid they take a few megabytes."""

READER_PATIENCE_S = 1.0
"""At the end, so long is waited for a reader that takes nothing."""

DISK_PATIENCE_S = 10.0
"""The same for a disk, which does come back."""


class StatsLog(BackgroundWriterSink[dict[str, Any]]):
    """Writes one record a frame; implements protocols.BackgroundSink.

    A thread writes and flushes each record as soon as disk or reader take it, so that neither
    stops the loop, and a program that is killed loses no record that could be written.
    """

    def __init__(
        self,
        target: str,
        *,
        grid: bool,
        force: bool,
        top: bool = False,
        timings: bool = False,
        boxes: bool = False,
    ) -> None:
        """Check the name; the file is opened on entering.

        Args:
            target: FILE.jsonl, FILE.csv, or "-" for JSON lines on standard output.
            grid: add the activations of the map.
            force: whether an existing file may be overwritten.
            top: add what is seen and the five most probable classes.
            timings: add ages, stages and drops of a live source.
            boxes: have the things in the map in every record.

        Raises:
            SettingsError: another suffix, or the file exists and may not be overwritten.
        """
        self._target, self._force = target, force
        self._parts = {"grid": grid, "top": top, "timings": timings, "boxes": boxes}
        self._is_csv = target != STDOUT and Path(target).suffix.casefold() == ".csv"
        if target != STDOUT:
            if Path(target).suffix.casefold() not in (".csv", ".jsonl"):
                raise SettingsError(
                    f"--stats {target}: the name must end in .jsonl, .csv or, for boxes, "
                    ".coco.json, or be -."
                )
            refuse_existing(Path(target), force=force, is_stream=True)
        self._file: TextIO | None = None
        self._csv: csv.DictWriter[str] | None = None
        self._grid_size: tuple[int, int] | None = None  # of the columns
        self._has_written = self._existed = False
        self._whole_bytes: int | None = None  # of a file on a disk: so long are its whole records
        self._writer: BackgroundWriter[dict[str, Any]] | None = None

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            SettingsError: it exists by now.
            SinkError: it cannot be written.
        """
        if self._target == STDOUT:
            if sys.stdout is None:
                raise SinkError("there is no standard output to write the figures to.")
            stdout: Any = raw_output(sys.stdout) or sys.stdout
            self._file = stdout
            return self._begin(stdout)
        try:
            # A file that is to be replaced is emptied by the first record: there may be none.
            self._existed = self._force and Path(self._target).exists()
            self._file = self._opened()
        except FileExistsError as error:  # it was made after the name was checked
            raise already_exists(Path(self._target)) from error
        except OSError as error:
            raise self._failure(error) from error
        return self._begin(self._file)

    def _opened(self) -> TextIO:
        return open(
            self._target,
            "a" if self._force else "x",
            encoding="utf-8",
            # Names of pictures need not be text: other bytes are written as \udc.., as in JSON.
            errors="backslashreplace",
            newline="",
            opener=_open_at_once,
        )

    def __exit__(self, *error: object) -> None:
        """Write what is still to be written, and close the file; standard output stays open.

        A run that is refused (SettingsError) leaves no new file: the next one needs its name.

        Raises:
            SinkError, ConsumerGoneError: as `show`, unless another error ends the run.
        """
        file, writer, self._file = self._file, self._writer, None
        if file is None or writer is None:
            return
        patience_s = DISK_PATIENCE_S if _is_on_a_disk(file) else READER_PATIENCE_S
        if writer.close(patience_s=patience_s, limit_s=DISK_PATIENCE_S):
            self._close(file, is_refused=len(error) > 1 and isinstance(error[1], SettingsError))
        if not any(error):
            self._raise_error(writer)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Hand one record to the thread; where disk or reader are far behind it is dropped.

        Raises:
            SinkError: an earlier record could not be written: the disk is full, or the like.
            ConsumerGoneError: the reader of our standard output has closed it.
        """
        if self._writer is None or self._file is None:
            raise RuntimeError("a StatsLog is used inside a with statement")
        self._raise_error(self._writer)
        self._writer.put(stats_record(annotated, **self._parts))

    def _begin(self, file: TextIO) -> Self:
        write = partial(self._write_record, file)
        self._writer = BackgroundWriter(write, most=MOST_RECORDS, name=THREAD_NAME)
        return self

    def _raise_error(self, writer: BackgroundWriter[dict[str, Any]]) -> None:
        """Raise what ended the writing, once."""
        try:
            writer.raise_error()
        except BrokenPipeError as error:
            raise ConsumerGoneError("the reader of the figures has closed the pipe.") from error
        except OSError as error:
            raise self._failure(error) from error

    def _close(self, file: TextIO, *, is_refused: bool) -> None:
        if file is sys.stdout:
            return
        with suppress(OSError):  # every record has been flushed before, or cannot be
            file.close()
        self._cut_half_a_record()
        is_unwanted = is_refused or not self._has_written
        if self._target != STDOUT and is_unwanted and not self._existed:
            with suppress(OSError):
                Path(self._target).unlink()  # leave no empty file behind

    def _write_record(self, file: TextIO, record: dict[str, Any]) -> None:
        """Called in the thread with each record."""
        if not self._has_written and self._existed and Path(self._target).is_file():
            file.truncate(0)
        self._write(file, record)
        file.flush()
        self._has_written = True
        if _is_on_a_disk(file):
            self._whole_bytes = os.fstat(file.fileno()).st_size

    def _cut_half_a_record(self) -> None:
        """A disk that became full took the begin of a record: a reader would take it for all."""
        path = Path(self._target)
        with suppress(OSError):
            if self._whole_bytes is not None and path.stat().st_size > self._whole_bytes:
                os.truncate(path, self._whole_bytes)

    def _write(self, file: TextIO, record: dict[str, Any]) -> None:
        if not self._is_csv:
            file.write(json_line(record, file.encoding))
            return
        if self._grid_size is None and "grid" in record:
            self._grid_size = size_of(record["grid"])
        row = csv_record(record, self._grid_size)
        if self._csv is None:
            # The key b adds objects to records later on; a table has its columns from the start.
            self._csv = csv.DictWriter(file, list(row), lineterminator="\n", extrasaction="ignore")
            self._csv.writeheader()
        self._csv.writerow(row)

    def _failure(self, error: OSError) -> SinkError:
        if error.errno == errno.ENXIO:
            return SinkError(f"nobody reads the named pipe {self._target}: start its reader first.")
        return SinkError(
            f"the figures could not be written to {self._target} ({error.strerror}): "
            "check the disk and the folder."
        )


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a named pipe that nobody reads fails (ENXIO), instead of waiting without end."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return descriptor


def _is_on_a_disk(file: TextIO) -> bool:
    """Whether it is a regular file: not a pipe, a terminal or a device."""
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except OSError:  # also io.UnsupportedOperation: no descriptor
        return False
