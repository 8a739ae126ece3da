"""Closes the file of an event's clip in a thread of its own: nobody waits for the disk."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import DiskSpaceLowError, DiskSpaceMonitor, folder_of
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.file_errors import FileMissingError
from livecam.sinks.recording.finisher import THREAD_NAME
from livecam.sinks.recording.recording_disk import RecordingDisk
from livecam.sinks.recording.remux import HALF_STAMP_S, Extent, remux_in_place
from livecam.sinks.recording.video_file import VideoFile

if TYPE_CHECKING:
    from concurrent.futures import Future

WRITE_BUFFER_BYTES = 128 << 20
"""So much of a clip may wait for the disk."""


class ClipDisk:
    """How the file of one clip reaches its disk, and how it is closed.

    Attributes:
        recording_disk: writes it, and looks after the free space once a second.
    """

    def __init__(self, disk_space: DiskSpaceMonitor) -> None:
        """Nothing is written yet."""
        self._disk_space = disk_space
        self.recording_disk = RecordingDisk(disk_space, WRITE_BUFFER_BYTES)
        self._finisher: DiskThread | None = None
        self._closing: Future[None] | None = None
        self._is_abandoned = False

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for the disk that no more may be added."""
        return self.recording_disk.is_behind

    def check(self, file: VideoFile) -> None:
        """Once a second: look for the file and at the free space, and bring it onto the medium.

        Raises:
            SinkError: the file cannot go on.
        """
        try:
            self.recording_disk.check([file], file.path)
        except (DiskSpaceLowError, FileMissingError, OSError) as error:
            raise file.failure(error) from error

    def begin_closing(
        self, file: VideoFile, decoded_s: Sequence[float], until_s: float | None
    ) -> None:
        """Close the file, put its index in front and cut its end.

        Args:
            file: nothing more is added to it.
            decoded_s: when each of its pictures is decoded, in the file's time.
            until_s: those from here on are taken out; None for none.
        """
        if self._closing is None and not self._is_abandoned:
            self._finisher = DiskThread(THREAD_NAME)
            self._closing = self._finisher.submit(lambda: self._close(file, decoded_s, until_s))
            self._finisher.close()

    def fail(self, file: VideoFile | None, error: SinkError) -> None:
        """Close it after a failure: what is safe stays; a disk with its reserve holds the index.

        `file` is None where there was none yet.
        """
        if file is not None and isinstance(error.__cause__, DiskSpaceLowError):
            self.begin_closing(file, (), None)
        elif not self._is_abandoned and self._closing is None:
            self._is_abandoned = True
            if file is not None:
                file.abandon()
            self.recording_disk.close()

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be waited for."""
        return self._is_abandoned or (self._closing is not None and self._closing.done())

    def wait(self) -> None:
        """Until it is closed.

        Raises:
            SinkError: that failed.
        """
        if self._closing is None or self._finisher is None:
            return
        try:
            self._finisher.result_of(self._closing)
        except DiskSilentError as error:
            raise SinkError(
                f"a clip could not be finished ({error}): what is on the disk can be played."
            ) from error

    def _close(self, file: VideoFile, decoded_s: Sequence[float], until_s: float | None) -> None:
        try:
            file.close()
            end_s = math.inf if until_s is None else until_s - HALF_STAMP_S  # as the copy has it
            kept = sum(1 for time_s in decoded_s if time_s <= end_s)
            if kept and self._disk_space.can_hold(folder_of(file.path), file.size_bytes):
                remux_in_place(
                    file.path, kept, {}, Extent(until_s), on_progress=self._finisher_step
                )
        except SinkError:
            file.abandon()
            raise
        finally:
            self.recording_disk.close()

    def _finisher_step(self) -> None:
        if self._finisher is not None:
            self._finisher.step()
