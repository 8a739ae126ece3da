"""The files of one recording: annotated, clean, figures; one set after another where it must be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.core.disk_errors import is_file_limit
from livecam.core.formatting import megabytes
from livecam.core.live_sound import LiveSound
from livecam.core.split_limit import LEAST_S, NO_SPLIT, SplitLimit
from livecam.errors import SinkError
from livecam.sinks.output_paths import clean_path, stats_path
from livecam.sinks.recording.finisher import Finisher
from livecam.sinks.recording.left_files import LeftFiles, LeftVideo
from livecam.sinks.recording.live_sound_reader import ready_pts, wait_for_end
from livecam.sinks.recording.next_recording import NextRecording
from livecam.sinks.recording.options import RecordingEvents
from livecam.sinks.recording.recording import Recording
from livecam.sinks.recording.stats_file import RecordingStatsFile
from livecam.sinks.recording.stream_writer import StreamWriter
from livecam.sinks.recording.timestamps import Timeline, seconds_of
from livecam.sinks.recording.video_file import VideoFile

_KEEP_AHEAD_S, _SPLIT_AHEAD_S = 3.0, 0.5
"""How far ahead it is looked how large a file will be: what is deleted, and encoded, takes time."""

_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Streams:
    """What is recorded at the same time.

    Attributes:
        writers: the annotated pictures first.
        stats: the figures; None for none.
        timeline: where in the source a time stamp lies.
        sound: of the microphone; None without one.
    """

    writers: Sequence[StreamWriter]
    stats: RecordingStatsFile | None
    timeline: Timeline
    sound: LiveSound | None = None


class RecordingFiles:
    """Writes the streams into files; where one cannot go on, into the next set of files.

    Attributes:
        recording: the set that is being written.
    """

    def __init__(
        self,
        streams: Streams,
        recording: Recording,
        following: Callable[[Recording, int], NextRecording],
        finisher: Finisher,
        events: RecordingEvents,
        *,
        split: SplitLimit = NO_SPLIT,
    ) -> None:
        """Open nothing yet.

        Args:
            streams: what is recorded.
            recording: the first set of files.
            following: finds the set of files after one, which begins at a time stamp.
            finisher: closes and finishes those that are left.
            events: hears of a file that cannot go on.
            split: when to go on in the next set of files.
        """
        self._streams, self._following = streams, following
        self._finisher, self._events = finisher, events
        self._split = split
        self._split_pts: int | None = None
        self._next: NextRecording | None = None
        self._is_last = False
        self.recording = recording

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for the disk that no more may be added; asked in any thread."""
        disk, following = self.recording.disk, self._next
        if following is not None and not following.is_over:
            return disk.is_behind_with(sum(each.held_bytes for each in self._streams.writers))
        return disk.is_behind

    def release(self) -> None:
        """After a failure: the names are given back."""
        self.recording.close()
        if self._next is not None:
            self._next.release()

    def open(self, *, force: bool) -> None:
        """Begin the first set of files; `force` allows existing ones to be overwritten.

        Raises:
            SinkError: they cannot be written.
        """
        disk = self.recording.disk
        for writer, path in zip(self._streams.writers, self._paths(), strict=False):
            metadata = self.recording.metadata(path)
            writer.open_file(path, disk.writer, metadata, replace=force)
        if self._streams.stats is not None:
            path = stats_path(self.recording.path)
            self._streams.stats.open(path, disk.writer, force=force)

    def before_picture(self, pts: int) -> None:
        """Where it is time, let the next set of files begin with the picture of this time stamp."""
        if self._split_pts is None and self._is_split_due(pts):
            self._split_pts = pts
            for writer in self._streams.writers:
                writer.force_key_frame()

    def write(self, until_pts: int) -> None:
        """Write what the encoders gave, and the sound up to a time stamp.

        Raises:
            SinkError: the disk failed.
        """
        self._finisher.raise_failure()
        self._past_limits(lambda: self._write(until_pts))
        files = self._open_files()
        self.recording.disk.check(files, self.recording.path)
        size_bytes = sum(size_after(file, _KEEP_AHEAD_S) for file in files)
        self._finisher.retention.set_writing([file.path for file in files], size_bytes)

    def close(self, end_pts: int | None = None) -> None:
        """Write what is left, close the files, and finish them.

        `end_pts` is where the last picture ends; None for as long as the one before it lasted.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        self._is_last = True
        self._past_limits(self._write_the_rest)
        left = LeftFiles(self.recording)
        for writer in self._streams.writers:
            end_s = writer.seconds_at(end_pts)
            file = writer.close_file()
            if file is not None:
                left.videos.append(LeftVideo(file, file.frames, end_s=end_s))
        if self._streams.stats is not None:
            self._streams.stats.close()
        self._finisher.finish(left)
        self._finisher.wait()

    def write_what_is_possible(self) -> None:
        """After a failure: sound and figures up to the last picture that is in the file."""
        for writer in self._streams.writers:
            if writer.file is not None and not writer.file.is_broken:
                writer.write_packets()
        self._write_last_sound_and_stats()

    def _write(self, until_pts: int) -> None:
        streams = self._streams
        until_pts = ready_pts(streams.sound, streams.timeline, until_pts)
        self._write_packets(until_pts)
        if self._split_pts is not None:  # what comes after it is for the next file
            until_pts = min(until_pts, self._split_pts)
        for writer in self._streams.writers:
            writer.add_sound(self._streams.timeline, until_pts)
        self._set_begin()
        begin_pts = self._streams.writers[0].recent.begin_pts
        if self._streams.stats is not None and begin_pts is not None:
            self._streams.stats.forget_before(begin_pts)

    def _write_packets(self, until_pts: int | None = None) -> None:
        """Write what is ready; all streams go on in their next files at the same picture."""
        while True:
            writers = self._streams.writers
            found = [writer.write_packets(self._split_pts, until_pts) for writer in writers]
            reached = [pts for pts in found if pts is not None]
            if not reached or len(reached) < len(found):
                return
            self._split_pts = max(reached)
            if min(reached) == self._split_pts:
                for writer in writers:
                    writer.add_sound(self._streams.timeline, self._split_pts)
                if not self._go_on(self._split_pts, is_waited_for=self._is_last):
                    return

    def _is_split_due(self, pts: int) -> bool:
        first_pts, files = self._streams.writers[0].first_pts, self._open_files()
        if first_pts is None or self._split == NO_SPLIT:
            return False
        lasts_s = seconds_of(pts - first_pts, self._streams.timeline.time_base)
        limit_bytes = self._split.size_bytes
        if self._split.seconds is not None:
            return lasts_s >= self._split.seconds - _ROUNDING_S
        return (
            limit_bytes is not None
            and lasts_s >= LEAST_S
            and max(size_after(file, _SPLIT_AHEAD_S) for file in files) >= limit_bytes
        )

    def _open_files(self) -> list[VideoFile]:
        return [writer.file for writer in self._streams.writers if writer.file is not None]

    def _write_the_rest(self) -> None:
        """An encoder holds pictures back: those of a short recording come when it is flushed."""
        wait_for_end(self._streams.sound, self._streams.timeline)
        self._write_packets()
        self._write_last_sound_and_stats()
        for writer in self._streams.writers:
            writer.finish_file()

    def _write_last_sound_and_stats(self) -> None:
        self._set_begin()
        for writer in self._streams.writers:
            writer.add_sound(self._streams.timeline, writer.end_pts)

    def _past_limits(self, step: Callable[[], None]) -> None:
        """Do a step that can be done again; where a file may not grow, go on in the next one."""
        while True:
            try:
                return step()
            except SinkError as error:
                pts = self._resumable_pts() if is_file_limit(error) else None
                if pts is None:
                    raise
            before = self.recording.path.name
            size = megabytes(max(file.size_bytes for file in self._open_files()))
            self._go_on(pts, is_waited_for=True)
            self._events.notify(
                f"{before} has reached the largest size of a file there ({size}): the recording "
                f"goes on in {self.recording.path.name}"
            )

    def _resumable_pts(self) -> int | None:
        """The last key frame before which everything is on the disk, in all files.

        None where that is no later than the first one: another file would end there, too.
        """
        writers = self._streams.writers
        known = [set(writer.recent.key_pts()) for writer in writers]
        safe_pts = min(writer.safe_pts for writer in writers)
        common = [pts for pts in set.intersection(*known) if pts <= safe_pts]
        later = [pts for pts in common if all(pts > (w.first_pts or 0) for w in writers)]
        return max(later, default=None)

    def _go_on(self, pts: int, *, is_waited_for: bool) -> bool:
        """Leave all files; the next ones begin with the key frame of this time stamp.

        Gives whether that is done: not while the disk does not answer, unless it is waited for.
        """
        self._next = self._next or self._following(self.recording, pts)
        following = self._next.recording(is_waited_for=is_waited_for)
        if following is None:
            return False
        left, self._split_pts, self._next = LeftFiles(self.recording), None, None
        self.recording.end_pts = pts
        self.recording.count_dropped(following.dropped_before)
        self.recording = following
        thread = following.disk.writer
        for writer, path in zip(self._streams.writers, self._paths(), strict=False):
            video = writer.go_on_in(path, thread, following.metadata(path), pts)
            if video is not None:
                left.videos.append(video)
        if self._streams.stats is not None:
            left.stats = self._streams.stats.go_on_in(stats_path(following.path), thread, pts)
        self._finisher.finish(left)
        return True

    def _paths(self) -> tuple[Path, Path]:
        return self.recording.path, clean_path(self.recording.path)

    def _set_begin(self) -> None:
        first_pts = self._streams.writers[0].first_pts
        self.recording.begin_pts = first_pts
        if self._streams.stats is not None and first_pts is not None:
            self._streams.stats.set_first_pts(first_pts)


def size_after(file: VideoFile, seconds: float) -> int:
    """How large a file will be when so much more than now is in it, at its rate so far."""
    if file.safe_s <= 0:
        return file.size_bytes
    return round(file.size_bytes * max(1.0, (file.duration_s + seconds) / file.safe_s))
