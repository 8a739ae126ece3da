"""The figures of every frame as JSON lines or CSV (`--stats`), to a file or standard output."""

import csv
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TextIO

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import csv_record, stats_record
from livecam.errors import ConsumerGoneError, SettingsError, SinkError
from livecam.sinks.output_paths import refuse_existing

STDOUT = "-"


class StatsLog:
    """Writes one record a frame; implements protocols.Sink.

    Every record is flushed at once, so that a program that is killed loses none.
    """

    def __init__(
        self,
        target: str,
        *,
        grid: bool,
        force: bool,
        top: bool = False,
        timings: bool = False,
    ) -> None:
        """Check the name; the file is opened on entering.

        Args:
            target: FILE.jsonl, FILE.csv, or "-" for JSON lines on standard output.
            grid: add the 49 activations.
            force: whether an existing file may be overwritten.
            top: add what is seen and the five most probable classes.
            timings: add ages, stages and drops of a live source.

        Raises:
            SettingsError: another suffix, or the file exists and may not be overwritten.
        """
        self._target, self._grid, self._top, self._timings = target, grid, top, timings
        self._is_csv = target != STDOUT and Path(target).suffix.casefold() == ".csv"
        if target != STDOUT:
            if Path(target).suffix.casefold() not in (".csv", ".jsonl"):
                raise SettingsError(
                    f"--stats {target}: the name must end in .jsonl or .csv, or be -."
                )
            refuse_existing(Path(target), force=force)
        self._file: TextIO | None = None
        self._csv: csv.DictWriter[str] | None = None
        self._has_written = self._existed = False

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            SinkError: it cannot be written.
        """
        if self._target == STDOUT:
            if sys.stdout is None:
                raise SinkError("there is no standard output to write the figures to.")
            self._file = sys.stdout
            return self
        try:
            # A file that is to be replaced is emptied by the first record: there may be none.
            self._existed = Path(self._target).exists()
            # Names of pictures need not be text: other bytes are written as \udc.., as in JSON.
            self._file = Path(self._target).open(
                "a", encoding="utf-8", errors="backslashreplace", newline=""
            )
        except OSError as error:
            raise self._failure(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; standard output stays open."""
        if self._file is not None and self._target != STDOUT:
            with suppress(OSError):  # every record has been flushed before
                self._file.close()
                if not self._has_written and not self._existed:  # leave no empty file behind
                    Path(self._target).unlink()
        self._file = None

    def show(self, annotated: AnnotatedFrame) -> None:
        """Write one record.

        Raises:
            SinkError: the disk is full, or the like.
            ConsumerGoneError: the reader of our standard output has closed it.
        """
        if self._file is None:
            raise RuntimeError("a StatsLog is used inside a with statement")
        record = stats_record(annotated, grid=self._grid, top=self._top, timings=self._timings)
        try:
            if not self._has_written and self._existed and Path(self._target).is_file():
                self._file.truncate(0)
            self._write(self._file, record)
            self._file.flush()
            self._has_written = True
        except BrokenPipeError as error:
            raise ConsumerGoneError("the reader of the figures has closed the pipe.") from error
        except OSError as error:
            raise self._failure(error) from error

    def _write(self, file: TextIO, record: dict[str, Any]) -> None:
        if not self._is_csv:
            file.write(json_line(record, file.encoding))
            return
        row = csv_record(record)
        if self._csv is None:
            self._csv = csv.DictWriter(file, list(row), lineterminator="\n")
            self._csv.writeheader()
        self._csv.writerow(row)

    def _failure(self, error: OSError) -> SinkError:
        return SinkError(
            f"the figures could not be written to {self._target} ({error.strerror}): "
            "check the disk and the folder."
        )


def json_line(record: dict[str, Any], encoding: str) -> str:
    """One record as a line of JSON; escapes for all letters where `encoding` lacks one of them."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"
