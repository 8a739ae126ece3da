"""The figures of a recording beside it (`--record-stats`): JSON lines with the video's times."""

from collections import deque
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import stats_record
from livecam.errors import SinkError
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.stats_log import json_line

MAX_ENCODER_DELAY_FRAMES = 32  # more than any encoder here holds back


class RecordingStatsFile:
    """Buffers the records of the last frames; writes them from a recording's first frame on."""

    def __init__(self, options: RecordingOptions, time_base: Fraction) -> None:
        """Start with no file; `time_base` is the unit of time stamps in seconds."""
        self._grid, self._top = options.grid, options.top
        # So much is buffered while there is no file.
        self._keep_s = options.pre_roll_s + 2.0 if options.pre_roll_s else 1.0
        self._time_base_s = float(time_base)
        self._buffer: deque[tuple[int, dict[str, Any]]] = deque()
        self._file: TextIO | None = None
        self._first_pts: int | None = None
        self._count = 0

    def add(self, annotated: AnnotatedFrame, pts: int) -> None:
        """Add the record of one frame with its time stamp.

        Raises:
            SinkError: it could not be written.
        """
        self._buffer.append((pts, stats_record(annotated, grid=self._grid, top=self._top)))
        if self._file is None:
            self._drop_before(pts)
        else:
            self._write()

    def open(self, path: Path, *, force: bool) -> None:
        """Create a file; `force` allows an existing one to be overwritten.

        Raises:
            SinkError: that failed.
        """
        try:
            self._file = path.open("w" if force else "x", encoding="utf-8", newline="")
        except OSError as error:
            raise SinkError(f"{path} could not be written ({error.strerror}).") from error

    def set_first_pts(self, pts: int) -> None:
        """Begin to write, from the frame of this time stamp on: the video's first one."""
        self._first_pts = pts
        self._write()

    def close(self) -> None:
        """Close the file and empty the buffer."""
        if self._file is not None:
            with suppress(OSError):  # every line has been flushed before
                self._file.close()
        self._file = self._first_pts = None
        self._count = 0
        self._buffer.clear()

    def _drop_before(self, pts: int) -> None:
        """Keep what an encoder may hold back, however slow the source, and the last seconds."""
        buffer = self._buffer
        while (
            len(buffer) > MAX_ENCODER_DELAY_FRAMES
            and (pts - buffer[0][0]) * self._time_base_s > self._keep_s
        ):
            buffer.popleft()

    def _write(self) -> None:
        file, first_pts = self._file, self._first_pts
        if file is None or first_pts is None:
            return
        try:
            while self._buffer:
                pts, record = self._buffer.popleft()
                if pts < first_pts:
                    continue
                time_s = round((pts - first_pts) * self._time_base_s, 6)
                file.write(json_line({**record, "frame": self._count, "time_s": time_s}, "utf-8"))
                self._count += 1
            file.flush()
        except OSError as error:
            raise SinkError(f"{file.name} could not be written ({error.strerror}).") from error
