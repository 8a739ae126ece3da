"""The figures of every frame as JSON lines or CSV, to a file or to standard output."""

import csv
import io
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self, TextIO

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import flat_record, record_of
from livecam.errors import ConsumerGoneError, SettingsError, SinkError
from livecam.sinks.output_paths import refuse_existing

STDOUT = "-"


class StatsLog:
    """Writes one record a frame, at once, so that a killed program loses none; a protocols.Sink."""

    def __init__(
        self,
        target: str,
        *,
        grid: bool,
        force: bool,
        top: bool = False,
        timings: bool = False,
    ) -> None:
        """`target` is FILE.jsonl, FILE.csv or "-" for JSON lines on standard output.

        Raises:
            SettingsError: another kind of file, or it exists and `force` is not given.
        """
        self._target, self._grid, self._top, self._timings = target, grid, top, timings
        self._as_csv = target != STDOUT and Path(target).suffix.casefold() == ".csv"
        if target != STDOUT:
            if Path(target).suffix.casefold() not in (".csv", ".jsonl"):
                raise SettingsError(
                    f"--stats {target}: the name must end in .jsonl or .csv, or be -."
                )
            refuse_existing(Path(target), force=force)
        self._file: TextIO | None = None
        self._columns: list[str] | None = None
        self._wrote = self._kept = False

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
            # What is to be replaced is emptied with the first record only: there may be none.
            self._kept = Path(self._target).exists()
            # A file's name need not be text: what is not stands as \udc.., as in JSON.
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
                if not self._wrote and not self._kept:  # leave no empty file in the way
                    Path(self._target).unlink()
        self._file = None

    def show(self, annotated: AnnotatedFrame) -> None:
        """Write one record.

        Raises:
            SinkError: the disk is full, or the like.
            ConsumerGoneError: nobody reads our standard output any more.
        """
        if self._file is None:
            raise RuntimeError("a StatsLog is used inside a with statement")
        record = record_of(annotated, grid=self._grid, top=self._top, timings=self._timings)
        try:
            if not self._wrote and self._kept and Path(self._target).is_file():
                self._file.truncate(0)
            encoding = self._file.encoding
            line = self._csv_text(record) if self._as_csv else json_line(record, encoding)
            self._file.write(line)
            self._file.flush()
            self._wrote = True
        except BrokenPipeError as error:
            raise ConsumerGoneError("the reader of the figures has closed the pipe.") from error
        except OSError as error:
            raise self._failure(error) from error

    def _csv_text(self, record: dict[str, object]) -> str:
        flat = flat_record(record)
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns or list(flat), lineterminator="\n")
        if self._columns is None:
            self._columns = list(flat)
            writer.writeheader()
        writer.writerow(flat)
        return text.getvalue()

    def _failure(self, error: OSError) -> SinkError:
        return SinkError(
            f"the figures could not be written to {self._target} ({error.strerror}): "
            "check the disk and the folder."
        )


def json_line(record: dict[str, object], encoding: str) -> str:
    """One record in letters that `encoding` has; JSON's escapes for all others."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"
