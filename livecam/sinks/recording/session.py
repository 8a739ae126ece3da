"""The recording session: begins, writes, checks and ends recordings, frame by frame."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted
from livecam.core.types import BgrImage
from livecam.errors import SettingsError, SinkError
from livecam.sinks.output_paths import Now, clean_path, dated_path, made_folder, stats_path
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.crash_safe_file import SYNC_INTERVAL_S
from livecam.sinks.recording.disk_space import DiskSpaceLowError, DiskSpaceMonitor, folder_of
from livecam.sinks.recording.encoder_catalogue import size_problem
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions, ignore
from livecam.sinks.recording.pixel_format import even_size, letterboxed
from livecam.sinks.recording.recording import Recording, recording_failure
from livecam.sinks.recording.remux import remux_in_place
from livecam.sinks.recording.stats_file import RecordingStatsFile
from livecam.sinks.recording.stream_writer import StreamWriter
from livecam.sinks.recording.timestamps import Timeline
from livecam.sinks.recording.video_file import VideoFile, open_failure


class RecordingSession:
    """Does all the work of the recorder, in the encoder thread, one call at a time.

    Attributes:
        minutes_left: how long the disk will last; None while that is unknown.
    """

    def __init__(
        self,
        options: RecordingOptions,
        events: RecordingEvents,
        disk_space: DiskSpaceMonitor,
        *,
        now: Now = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet; the arguments are those of the Recorder."""
        self._options, self._events, self._disk_space = options, events, disk_space
        self._now, self._clock = now, clock
        self._format = container_format_of(Path("x" + options.suffix))
        self._stats_file = (
            RecordingStatsFile(options, self._format.time_base) if options.stats else None
        )
        self._first_path = options.first_path
        self._recording: Recording | None = None
        self._writers: list[StreamWriter] = []
        self._timeline: Timeline | None = None
        self._shape: tuple[int, ...] = ()
        self._dropped = 0
        self._checked_s = float("-inf")
        self._wanted = False
        self._failed_while: bool | None = None
        self.minutes_left: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a recording failed that the view still asks for."""
        return self._failed_while is True

    def add_frame(self, annotated: AnnotatedFrame, dropped: int = 0) -> None:
        """Record one frame if its view says so; end the recording if it does not.

        Args:
            annotated: the frame.
            dropped: how many frames of all were dropped before this one.

        Raises:
            SinkError: the recording that --record asked for failed; it keeps what it has.
            SettingsError: its codec cannot take pictures of this size.
        """
        self._wanted = wanted = annotated.view.recording
        self._dropped = dropped
        # A camera may come back with another size, pictures of a folder have many: a recording
        # goes on as it began.
        goes_on = self._recording is not None and wanted
        if not goes_on:
            if self._recording is not None or annotated.picture.shape != self._shape:
                self.finish(dropped)
            self._shape = annotated.picture.shape
        if self._failed_while is not None and self._failed_while != wanted:
            self._failed_while = None  # the key was pressed: try anew
        if self._failed_while is not None or not (wanted or self._options.pre_roll_s):
            return
        if annotated.waiting_for and not wanted:  # no status cards in the pre-roll
            return
        try:
            self._write(annotated)
        except Exception as error:  # whatever it is, the file comes first
            self._fail(error)

    def finish(self, dropped: int = 0) -> None:
        """End the recording, if there is one, and free the encoders.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        self._dropped = dropped
        if self._recording is not None:
            try:
                for writer in self._writers:
                    writer.flush()
                self._write_last_sound_and_stats()
                self._end(self._recording)
            except Exception as error:
                self._fail(error)
        self._close_writers()

    def _write(self, annotated: AnnotatedFrame) -> None:
        timeline = self._timeline or self._open_writers(annotated)
        status = annotated.status
        frame = annotated.frame
        pts, duration = timeline.add_frame(
            frame.time_s, frame.duration_s, pauses=status.pauses, gaps=status.gaps
        )
        if annotated.view.recording and self._recording is None:
            self._begin(annotated)
        for writer, bgr in zip(self._writers, self._pictures(annotated), strict=True):
            writer.add(bgr, pts, duration)
        if self._stats_file is not None:
            self._stats_file.add(annotated, pts)
        if self._recording is not None:
            for writer in self._writers:
                self._write_sound(writer, pts)
            self._set_stats_start()
            self._check_disk(self._recording)

    def _open_writers(self, annotated: AnnotatedFrame) -> Timeline:
        options, events = self._options, self._events
        for bgr in self._pictures(annotated):
            size_px = even_size(bgr)
            problem = size_problem(options.encoder.codec, size_px)
            if problem:
                raise SettingsError(f"{self._first_path or 'this'} cannot be recorded: {problem}")
            self._writers.append(
                StreamWriter(options, events, self._format, size_px, clock=self._clock)
            )
            events = replace(events, report=ignore, notify=ignore)  # one line is enough
        self._timeline = Timeline(
            self._format.time_base, rate=options.encoder.rate, cut_pauses=options.cut_pauses
        )
        return self._timeline

    def _pictures(self, annotated: AnnotatedFrame) -> list[BgrImage]:
        """One picture for each writer, in the size of its stream."""
        clean = annotated.picture if annotated.waiting_for else annotated.frame.bgr
        pictures = [annotated.picture, clean] if self._options.clean else [annotated.picture]
        height, width = self._shape[:2]
        recording, is_other_size = self._recording, annotated.picture.shape != self._shape
        if recording is not None and is_other_size and not recording.size_notified:
            recording.size_notified = True
            name = recording.path.name
            self._events.notify(
                f"{name} keeps its size: pictures of another size are scaled into it"
            )
        return [letterboxed(bgr, width, height) for bgr in pictures]

    def _begin(self, annotated: AnnotatedFrame) -> None:
        is_required, path = self._first_path is not None, self._next_path()
        self._recording = Recording(
            path,
            is_required,
            self._now(),
            annotated.stats.class_name,
            {**self._options.run_metadata, "encoder": self._writers[0].encoder_name},
            self._dropped,
        )
        self._check_free_space(path)
        metadata, force = self._recording.metadata(), is_required and self._options.force
        for writer, name in zip(self._writers, (path, clean_path(path)), strict=False):
            writer.open_file(name, metadata, replace=force)
        if self._stats_file is not None:
            self._stats_file.open(stats_path(path), force=force)
        self._checked_s = self._clock()

    def _next_path(self) -> Path:
        path, self._first_path = self._first_path, None
        if path is not None:
            return path
        return dated_path(made_folder(self._options.folder), self._now(), self._options.suffix)

    def _check_free_space(self, path: Path) -> None:
        try:
            self._disk_space.check(folder_of(path))
        except DiskSpaceLowError as error:
            raise SinkError(f"the recording {path} was not begun: {error}") from error
        except OSError as error:
            raise open_failure(path, error) from error

    def _write_last_sound_and_stats(self) -> None:
        """Sound and figures up to the end of the last picture that is in the file.

        An encoder holds pictures back: those of a short recording come when it is flushed.
        """
        self._set_stats_start()
        for writer in self._writers:
            self._write_sound(writer, writer.end_pts)

    def _write_sound(self, writer: StreamWriter, until_pts: int) -> None:
        """The sound up to a time stamp, once the file has its first picture."""
        if writer.first_pts is not None and self._timeline is not None:
            begin_s = self._timeline.source_s(writer.first_pts)
            writer.add_sound(begin_s, self._timeline.source_s(until_pts))

    def _set_stats_start(self) -> None:
        first_pts = self._writers[0].first_pts
        if self._stats_file is not None and first_pts is not None:
            self._stats_file.set_first_pts(first_pts)

    def _check_disk(self, recording: Recording) -> None:
        """Once a second: force the files onto the medium, and look at the free space."""
        now_s = self._clock()
        if now_s - self._checked_s < SYNC_INTERVAL_S:
            return
        self._checked_s = now_s
        files = self._open_files()
        for file in files:
            file.sync_in_background()
        folder, written_bytes = folder_of(recording.path), sum(file.size_bytes for file in files)
        self.minutes_left = self._disk_space.minutes_left(
            folder, written_bytes, files[0].duration_s
        )
        self._disk_space.check(folder)

    def _open_files(self) -> list[VideoFile]:
        return [writer.file for writer in self._writers if writer.file is not None]

    def _end(self, recording: Recording) -> None:
        """Close the files and finish each."""
        if self._stats_file is not None:
            self._stats_file.close()
        files = [writer.close_file() for writer in self._writers]
        self._recording = None
        for file in files:
            if file is not None:
                self._finish_file(file, recording)
        self.minutes_left = None

    def _finish_file(self, file: VideoFile, recording: Recording) -> None:
        """Put index and counts in front, where there is room for a copy, and report the file."""
        dropped = self._dropped - recording.dropped_before
        metadata = recording.metadata(
            frames=file.frames, dropped=dropped, seconds=round(file.duration_s, 3)
        )
        if file.frames and self._disk_space.can_hold(folder_of(file.path), file.size_bytes):
            remux_in_place(file.path, file.frames, metadata)
        self._events.on_saved(file.path)
        more = f"; {dropped} dropped" if dropped else ""
        frames = counted(file.frames, "frame")
        self._events.notify(f"recorded {file.path} ({frames}, {file.duration_s:.2f} s{more})")

    def _fail(self, error: Exception) -> None:
        """Save what there is; then raise, or notify where a key began the recording."""
        recording, self._recording = self._recording, None
        files = self._open_files()
        for writer in self._writers:
            with suppress(Exception):  # a broken encoder: only what it holds is lost
                if writer.file is not None and not writer.file.is_broken:
                    writer.flush()
        with suppress(Exception):
            self._write_last_sound_and_stats()
        for writer in self._writers:
            with suppress(SinkError):
                writer.close_file()
        if self._stats_file is not None:
            self._stats_file.close()
        self._close_writers()
        self._failed_while = self._wanted
        for file in files:
            if file.size_bytes and file.path.exists():
                self._events.on_saved(file.path)
        path, is_required = self._first_path, self._wanted and self._first_path is not None
        if recording is not None:
            path, is_required = recording.path, recording.is_required
        failure = recording_failure(error, path, files)
        if is_required:
            raise failure from error
        self._events.notify(str(failure))

    def _close_writers(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers, self._timeline, self.minutes_left = [], None, None
