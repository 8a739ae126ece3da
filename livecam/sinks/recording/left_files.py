"""Files that a recording has left: not closed yet, or not finished; others may follow them."""

import itertools
import json
import math
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from livecam.core.disk_errors import is_file_limit
from livecam.errors import SinkError
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_thread import DiskSilentError
from livecam.sinks.recording.recording import Recording
from livecam.sinks.recording.video_file import VideoFile

_ROUNDING_S = 0.001  # of Matroska's time stamps


@dataclass(frozen=True, slots=True)
class LeftVideo:
    """A video of which others may have the end, too.

    Attributes:
        file: the video.
        frames: how many of its frames are in no other file.
        until_s: where in it they end; None where it has no others.
        end_s: where in it the last picture ends; None for as long as the one before it lasted.
    """

    file: VideoFile
    frames: int
    until_s: float | None = None
    end_s: float | None = None

    @property
    def seconds(self) -> float:
        """How long its own frames last."""
        if self.end_s is not None:
            return self.end_s
        return self.file.duration_s if self.until_s is None else self.until_s

    def close(self) -> None:
        """Close the file; of one that cannot grow, what is on the disk is all that is wanted.

        Raises:
            SinkError: the disk failed.
        """
        try:
            if not self.file.is_broken:
                self.file.close()
        except SinkError as error:
            if not is_file_limit(error):
                self.file.abandon()
                raise
        if self.file.is_broken:
            self.file.abandon()


@dataclass(frozen=True, slots=True)
class LeftStats:
    """The figures of a recording.

    Attributes:
        path: the file as the user named it.
        file: the file.
        lines: how many of its lines are in no other file.
    """

    path: Path
    file: CrashSafeFile
    lines: int

    def close(self, until_s: float = math.inf) -> None:
        """Close the file, and leave only whole lines in it, its own; without any, no file.

        Args:
            until_s: where the video ends: the figures of later frames go.
        """
        is_there = False
        with suppress(OSError, DiskSilentError):  # every line was committed before
            self.file.check_path()
            is_there = True
        with suppress(OSError, DiskSilentError):
            self.file.finish()
        if not is_there:  # taken away, or another file took its place
            return
        with suppress(OSError):
            with self.path.open("r+b") as file:
                file.truncate(self._size_of_lines(file, until_s))
                is_empty = not file.seek(0, os.SEEK_END)
            if is_empty:
                self.path.unlink()

    def _size_of_lines(self, file: BinaryIO, until_s: float) -> int:
        size_bytes = 0
        for line in itertools.islice(file, self.lines):
            if not line.endswith(b"\n") or _is_late(line, until_s):
                break
            size_bytes += len(line)
        return size_bytes


def _is_late(line: bytes, until_s: float) -> bool:
    return until_s < math.inf and json.loads(line)["time_s"] >= until_s - _ROUNDING_S


@dataclass(slots=True)
class LeftFiles:
    """The files of a recording that are to be finished.

    Attributes:
        recording: whose they are.
        videos: the annotated one first.
        stats: their figures, where those are not closed yet.
    """

    recording: Recording
    videos: list[LeftVideo] = field(default_factory=list)
    stats: LeftStats | None = None

    @property
    def end_s(self) -> float:
        """Where the annotated video ends if it broke off; infinite if it did not."""
        broken = [video.file.safe_s for video in self.videos[:1] if video.file.is_broken]
        return broken[0] if broken else math.inf
