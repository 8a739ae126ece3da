"""The figures of a recording beside it (`--record-stats`): JSON lines with the video's times."""

from collections import deque
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import reason_of
from livecam.core.printable_text import json_line
from livecam.core.stats_record import stats_record
from livecam.errors import SinkError
from livecam.native.real_path import real_path
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.left_files import LeftStats
from livecam.sinks.recording.options import RecordingOptions

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
        self._is_held = False
        self._file: CrashSafeFile | None = None
        self._path = Path()
        self._first_pts: int | None = None
        self._count = 0
        self._written: deque[tuple[int, dict[str, Any]]] = deque()

    def add(self, annotated: AnnotatedFrame, pts: int) -> None:
        """Add the record of one frame with its time stamp.

        Raises:
            SinkError: it could not be written.
        """
        self._buffer.append((pts, stats_record(annotated, grid=self._grid, top=self._top)))
        if self._file is not None:
            self._write()
        elif not self._is_held:
            self._drop_before(pts)

    def hold(self) -> None:
        """Keep all figures for a file that will be open later."""
        self._is_held = True

    def open(self, path: Path, thread: DiskThread, *, force: bool) -> None:
        """Begin a file that a thread writes; `force` allows an existing one to be overwritten."""
        self._path, self._is_held = path, False
        self._file = CrashSafeFile(real_path(path), thread, replace=force)

    def set_first_pts(self, pts: int) -> None:
        """Begin to write, from the frame of this time stamp on: the video's first one."""
        self._first_pts = pts
        self._write()

    def forget_before(self, pts: int) -> None:
        """No other file will begin before the frame of this time stamp."""
        while self._written and self._written[0][0] < pts:
            self._written.popleft()

    def go_on_in(self, path: Path, thread: DiskThread, pts: int) -> LeftStats | None:
        """Leave the file, and begin another one with the record of this time stamp.

        What the file before has of later records goes into the new one, too.

        Returns:
            The file before, for somebody to close; None where there is none.
        """
        later = [item for item in self._written if item[0] >= pts]
        file, path_before, lines = self._file, self._path, self._count - len(later)
        self._buffer.extendleft(reversed(later))
        self._written.clear()
        self._first_pts, self._count = pts, 0
        self.open(path, thread, force=False)
        return None if file is None else LeftStats(path_before, file, lines)

    def close(self, until_s: float | None = None) -> None:
        """Close the file and empty the buffer.

        Args:
            until_s: where the video broke off: the figures of later frames go.

        Raises:
            SinkError: it could not be written.
        """
        file, lines = self._file, self._count
        self._file, self._first_pts, self._count = None, None, 0
        self._is_held = False
        self._buffer.clear()
        self._written.clear()
        if file is None:
            return
        if until_s is not None:
            LeftStats(self._path, file, lines).close(until_s)
            return
        try:
            try:
                file.settle()
                file.rescue()
            finally:
                file.finish()
        except (OSError, DiskSilentError) as error:
            raise self._failure(error) from error

    def abandon(self, until_s: float | None) -> None:
        """Close after a failure, without raising again; `until_s` as for `close`."""
        with suppress(SinkError):
            self.close(until_s)

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
        while self._buffer:
            pts, record = self._buffer.popleft()
            if pts < first_pts:
                continue
            time_s = round((pts - first_pts) * self._time_base_s, 6)
            line = json_line({**record, "frame": self._count, "time_s": time_s}, "utf-8")
            file.write(line.encode())
            self._written.append((pts, record))
            self._count += 1
        try:
            file.commit()
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: BaseException) -> SinkError:
        return SinkError(f"{self._path} could not be written ({reason_of(error)}).")
