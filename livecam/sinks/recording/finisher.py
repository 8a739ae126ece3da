"""Finishes the files of a recording in a thread: index and counts in front, and the report."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from livecam.core.formatting import counted
from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import DiskSpaceMonitor, folder_of
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.left_files import LeftFiles, LeftVideo
from livecam.sinks.recording.options import RecordingEvents
from livecam.sinks.recording.recording import Recording
from livecam.sinks.recording.remux import Extent, remux_in_place
from livecam.sinks.recording.retention import Retention
from livecam.sinks.recording.retention_thread import RetentionThread

if TYPE_CHECKING:
    from concurrent.futures import Future


THREAD_NAME = "livecam-finish"  # see livecam/__main__.py


class Finisher:
    """Closes files that others follow, and finishes all; a large one takes as long as its copy.

    Attributes:
        retention: hears of what is written and finished.
    """

    def __init__(
        self,
        disk_space: DiskSpaceMonitor,
        events: RecordingEvents,
        retention: Retention | None = None,
        *,
        way_out: str = "",
    ) -> None:
        """Start no thread yet.

        Args:
            disk_space: whether there is room for a copy.
            events: hears of what is finished and what is deleted.
            retention: deletes old recordings; None where all are kept.
            way_out: what to do where frames were dropped.
        """
        self._disk_space, self._events, self._way_out = disk_space, events, way_out
        self.retention = RetentionThread(retention, events.notify)
        self._thread: DiskThread | None = None
        self._pending: deque[Future[None]] = deque()

    def finish(self, left: LeftFiles) -> None:
        """Finish files after those before them; what fails is raised later."""
        self._thread = self._thread or DiskThread(THREAD_NAME)
        self._pending.append(self._thread.submit(lambda: self._finish(left)))

    def raise_failure(self) -> None:
        """Do nothing where nothing failed.

        Raises:
            SinkError: files could not be closed.
        """
        while self._pending and self._pending[0].done():
            self._pending.popleft().result()

    def wait(self) -> None:
        """Wait until all are finished.

        Raises:
            SinkError: files could not be closed, or the disk does not answer.
        """
        try:
            while self._thread is not None and self._pending:
                self._thread.result_of(self._pending.popleft())
        except DiskSilentError as error:
            self._pending.clear()
            raise SinkError(
                f"the recording could not be finished ({error}): what is on the disk can be "
                "played; 'livecam repair FILE' makes a whole file of it."
            ) from error
        finally:
            if self._thread is not None and not self._pending:
                self._thread.close()
                self._thread = None
            self.retention.close()

    def _finish(self, left: LeftFiles) -> None:
        failures: list[Exception] = []
        finished: list[LeftVideo] = []
        try:
            for video in left.videos:
                try:
                    video.close()
                except SinkError as error:
                    failures.append(error)
                else:
                    self._finish_video(video, left.recording)
                    finished.append(video)
            if finished:
                self._report(finished, left.recording)
            if left.stats is not None:
                left.stats.close(left.end_s)
        finally:
            left.recording.close()
        if failures:
            raise failures[0]

    def _finish_video(self, video: LeftVideo, recording: Recording) -> None:
        """Put index and counts in front, where there is room for a copy."""
        file = video.file
        metadata = recording.metadata(
            file.path,
            frames=video.frames,
            dropped=recording.dropped,
            seconds=round(video.seconds, 3),
        )
        with self.retention.copying(file.path, file.size_bytes):
            if file.frames and self._disk_space.can_hold(folder_of(file.path), file.size_bytes):
                extent = Extent(video.until_s, video.end_s)
                remux_in_place(
                    file.path, video.frames, metadata, extent, on_progress=self._on_progress
                )
        self._events.on_saved(file.path)

    def _on_progress(self) -> None:
        if self._thread is not None:
            self._thread.step()

    def _report(self, finished: Sequence[LeftVideo], recording: Recording) -> None:
        """One line: the screen shows the last one, and that is to name the annotated video."""
        video, *twins = finished
        way_out = f": {self._way_out}" if self._way_out else ""
        more = f"; {recording.dropped} dropped{way_out}" if recording.dropped else ""
        frames = counted(video.frames, "frame")
        beside = "".join(f" and {twin.file.path.name}" for twin in twins)
        self._events.notify(
            f"recorded {video.file.path} ({frames}, {video.seconds:.2f} s{more}){beside}"
        )
