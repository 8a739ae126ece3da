"""The recording session: begins, writes, checks and ends recordings, frame by frame."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.output_paths import Now
from livecam.sinks.recording.beginning import Beginning
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder_catalogue import check_size
from livecam.sinks.recording.finisher import Finisher
from livecam.sinks.recording.keep_limits import NO_LIMITS
from livecam.sinks.recording.next_recording import NextRecording
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions, ignore
from livecam.sinks.recording.pixel_format import even_size, pictures_of
from livecam.sinks.recording.pre_roll_buffer import is_after_jump
from livecam.sinks.recording.recording import Recording, recording_failure
from livecam.sinks.recording.recording_disk import RecordingDisk
from livecam.sinks.recording.recording_files import RecordingFiles, Streams
from livecam.sinks.recording.recording_names import RecordingName, RecordingNames
from livecam.sinks.recording.retention import Retention
from livecam.sinks.recording.settings_in_force import SettingsHistory
from livecam.sinks.recording.stats_file import RecordingStatsFile
from livecam.sinks.recording.stream_writer import StreamWriter
from livecam.sinks.recording.timestamps import Timeline, add_annotated


class RecordingSession:
    """Does all the work of the recorder, in the encoder thread, one call at a time."""

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
        self._names, self._now, self._clock = RecordingNames(options), now, clock
        self._format = container_format_of(Path("x" + options.suffix))
        self._stats_file = (
            RecordingStatsFile(options, self._format.time_base) if options.stats else None
        )
        self._files: RecordingFiles | None = None
        self._beginning: Beginning | None = None
        keep = options.keep
        retention = Retention(options.kept_pattern, keep) if keep != NO_LIMITS else None
        self._finisher = Finisher(disk_space, events, retention, way_out=options.way_out)
        self._writers: list[StreamWriter] = []
        self._timeline: Timeline | None = None
        self._last: AnnotatedFrame | None = None
        self._history = SettingsHistory(self._format.time_base)
        self._shape: tuple[int, ...] = ()
        self._dropped = self._last_pts = 0
        self._size_notified = self._wanted = False
        self._failed_while: bool | None = None

    @property
    def minutes_left(self) -> float | None:
        """How long the disk will last; None while that is unknown."""
        return self._files.recording.disk.minutes_left if self._files is not None else None

    @property
    def is_disk_behind(self) -> bool:
        """Whether so much waits for the disk that no frame may be added; asked in any thread."""
        files, beginning = self._files, self._beginning
        if files is not None:
            return files.is_behind
        if beginning is None or beginning.is_over:  # the next frame lets what is held be written
            return False
        return sum(each.held_bytes for each in self._writers) > self._options.write_buffer_bytes

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
        is_begun = self._files is not None or self._beginning is not None
        if not (is_begun and wanted):
            if is_begun or annotated.painted.shape != self._shape:
                self.finish(dropped, self._end_pts(annotated))
            self._shape = annotated.painted.shape
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

    def finish(self, dropped: int = 0, end_pts: int | None = None) -> None:
        """End the recording, if there is one, at `end_pts`, where known; free the encoders.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        self._dropped = dropped
        if self._files is not None or self._beginning is not None:
            try:
                self._add_repeats_at_end()
                self._begin(is_last=True)
                for writer in self._writers:
                    writer.flush()
                if self._files is not None:
                    self._files.recording.count_dropped(self._dropped)
                    self._files.close(end_pts)
                self._files = None
            except Exception as error:
                self._fail(error)
        self._close_writers()

    def _end_pts(self, after: AnnotatedFrame) -> int | None:
        """Where the last picture of a live source ends, by the frame that ends the recording."""
        timeline, status = self._timeline, after.status
        if timeline is None or not self._options.encoder.live:
            return None
        return timeline.end_at(after.frame.time_s, pauses=status.pauses, gaps=status.gaps)

    def _write(self, annotated: AnnotatedFrame) -> None:
        timeline = self._timeline or self._open_writers(annotated)
        pts, duration = add_annotated(timeline, annotated)
        ready = self._writers if self._files is None else []
        for writer in ready if is_after_jump(annotated, self._last, self._options) else []:
            writer.begin_pre_roll_at(pts)
        if self._last is not None:
            for between in timeline.repeats:
                self._add(self._last, between, duration)
        if annotated.view.recording and self._files is None:
            self._history.add(annotated, pts)
            self._begin()
        self._last = annotated  # the one before is not kept while this one is encoded
        self._add(annotated, pts, duration)
        if self._files is not None:
            self._files.write(pts)

    def _add(self, annotated: AnnotatedFrame, pts: int, duration: int) -> None:
        if self._files is not None:
            self._files.before_picture(pts)
        self._last_pts = pts
        self._history.add(annotated, pts)
        for writer, bgr in zip(self._writers, self._pictures(annotated), strict=True):
            writer.add(bgr, pts, duration)
        if self._stats_file is not None:
            self._stats_file.add(annotated, pts)

    def _open_writers(self, annotated: AnnotatedFrame) -> Timeline:
        options, events = self._options, self._events
        for bgr in self._pictures(annotated):
            size_px = even_size(bgr)
            check_size(options.encoder.codec, size_px, str(self._names.asked or "this"))
            self._writers.append(
                StreamWriter(options, events, self._format, size_px, clock=self._clock)
            )
            events = replace(events, report=ignore, notify=ignore)  # one line is enough
        self._history = SettingsHistory(self._format.time_base)
        self._timeline = Timeline(
            self._format.time_base,
            rate=options.encoder.rate,
            cut_pauses=options.cut_pauses,
            has_live_sound=options.live_sound is not None,
        )
        return self._timeline

    def _pictures(self, annotated: AnnotatedFrame) -> list[BgrImage]:
        """One picture for each writer, in the size of its stream."""
        is_other_size = annotated.painted.shape != self._shape
        if self._files is not None and is_other_size and not self._size_notified:
            self._size_notified = True
            name = self._files.recording.path.name
            self._events.notify(
                f"{name} keeps its size: pictures of another size are scaled into it"
            )
        return pictures_of(annotated, self._shape, clean=self._options.clean)

    def _begin(self, *, is_last: bool = False) -> None:
        """Open the files, as soon as the disk answers; until then the packets wait."""
        timeline = self._timeline
        if timeline is None or self._files is not None:
            return
        if self._beginning is None:
            for writer in self._writers:
                writer.hold_packets()
            if self._stats_file is not None:
                self._stats_file.hold()
            self._beginning = Beginning(self._names, self._disk_space, self._now())
        name = self._beginning.name(is_last=is_last)
        if name is None:
            return
        recording, self._beginning = self._recording(name, self._beginning.begun), None
        sound = self._options.live_sound
        streams = Streams(self._writers, self._stats_file, timeline, sound)
        self._files = RecordingFiles(
            streams,
            recording,
            self._following,
            self._finisher,
            self._events,
            split=self._options.split,
        )
        self._size_notified = False
        self._files.open(force=recording.name.is_first and self._options.force)

    def _recording(self, name: RecordingName, begun: datetime) -> Recording:
        encoder = {"encoder": self._writers[0].encoder_name}
        identity = self._options.identity_of(name.path, is_dated=name.is_dated)
        metadata = {**self._options.run_metadata, **encoder, **identity}
        return Recording(
            name,
            begun,
            self._history,
            metadata,
            self._dropped,
            RecordingDisk(self._disk_space, self._options.write_buffer_bytes, self._clock),
        )

    def _following(self, before: Recording, pts: int) -> NextRecording:
        """The set of files after one that is left; it begins at a time stamp."""
        # An encoder holds pictures back: when the first one comes, it is some time old.
        age = timedelta(seconds=float((self._last_pts - pts) * self._format.time_base))
        return NextRecording(self._names, before.name, self._now() - age, self._recording)

    def _add_repeats_at_end(self) -> None:
        if self._last is not None and self._timeline is not None:
            for pts, duration in self._timeline.repeats_at_end():
                self._add(self._last, pts, duration)

    def _fail(self, error: Exception) -> None:
        """Save what there is; then raise, or notify where a key began the recording."""
        recording_files, self._files = self._files, None
        files = [writer.file for writer in self._writers if writer.file is not None]
        for writer in self._writers:
            with suppress(Exception):  # a broken encoder: only what it holds is lost
                if writer.file is not None and not writer.file.is_broken:
                    writer.flush()
        if recording_files is not None:
            with suppress(Exception):
                recording_files.write_what_is_possible()
        for writer in self._writers:
            with suppress(SinkError):
                writer.close_file()
        if self._stats_file is not None:
            self._stats_file.abandon(files[0].safe_s if files and files[0].is_broken else None)
        self._close_writers()
        with suppress(Exception):  # files that were left before
            self._finisher.wait()
        self._failed_while = self._wanted
        for file in files:
            if file.exists():
                self._events.on_saved(file.path)
        path = self._names.asked
        is_required = self._wanted and path is not None
        name = self._released_name(recording_files)
        if name is not None:
            path, is_required = name.path, name.is_required
        failure = recording_failure(error, path, files)
        if is_required:
            raise failure from error
        self._events.notify(str(failure))

    def _released_name(self, files: RecordingFiles | None) -> RecordingName | None:
        """The name of what failed; it is given back."""
        beginning, self._beginning = self._beginning, None
        if files is not None:
            files.release()
            return files.recording.name
        return beginning.release() if beginning is not None else None

    def _close_writers(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers, self._timeline, self._last = [], None, None
