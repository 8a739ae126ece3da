"""The figures of a recording beside it: one line for every frame, with the file's own times."""

from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import record_of
from livecam.errors import SinkError
from livecam.sinks.stats_log import json_line

HELD_FRAMES = 32  # more than any encoder here holds back


class FrameLog:
    """Records of frames: kept while nothing is recorded, written from a frame on."""

    def __init__(self, *, grid: bool, top: bool, keep_s: float, tick_s: float) -> None:
        """`keep_s` seconds are kept back for a recording that begins before its key."""
        self._grid, self._top = grid, top
        self._keep_s, self._tick_s = keep_s, tick_s
        self._kept: deque[tuple[int, dict[str, Any]]] = deque()
        self._file: TextIO | None = None
        self._origin: int | None = None
        self._count = 0

    def add(self, annotated: AnnotatedFrame, stamp: int) -> None:
        """One frame more, at its time stamp in ticks.

        Raises:
            SinkError: it could not be written.
        """
        self._kept.append((stamp, record_of(annotated, grid=self._grid, top=self._top)))
        if self._file is None:
            self._forget_before(stamp)
        else:
            self._write()

    def _forget_before(self, stamp: int) -> None:
        """Keep what an encoder may hold back, however slow the source, and the last seconds."""
        kept = self._kept
        while len(kept) > HELD_FRAMES and (stamp - kept[0][0]) * self._tick_s > self._keep_s:
            kept.popleft()

    def open(self, path: Path, *, force: bool) -> None:
        """Begin a file.

        Raises:
            SinkError: that cannot be done.
        """
        try:
            self._file = path.open("w" if force else "x", encoding="utf-8", newline="")
        except OSError as error:
            raise SinkError(f"{path} could not be written ({error.strerror}).") from error

    def begin_at(self, stamp: int) -> None:
        """The time stamp of the file's first frame, once that is known."""
        self._origin = stamp
        self._write()

    def close(self) -> None:
        """End the file."""
        if self._file is not None:
            with suppress(OSError):  # every line has been flushed before
                self._file.close()
        self._file = self._origin = None
        self._count = 0
        self._kept.clear()

    def _write(self) -> None:
        file, origin = self._file, self._origin
        if file is None or origin is None:
            return
        try:
            while self._kept:
                stamp, record = self._kept.popleft()
                if stamp < origin:
                    continue
                time_s = round((stamp - origin) * self._tick_s, 6)
                file.write(json_line({**record, "frame": self._count, "time_s": time_s}, "utf-8"))
                self._count += 1
            file.flush()
        except OSError as error:
            raise SinkError(f"{file.name} could not be written ({error.strerror}).") from error
