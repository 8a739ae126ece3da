"""A recording session: files begun, filled, watched and ended, frame by frame."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted, reason_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.output_paths import Now, clean_path, dated_path, figures_path, made_folder
from livecam.sinks.recording.container_format import container_of
from livecam.sinks.recording.disk_space import MEGABYTE, DiskGuard, folder_of
from livecam.sinks.recording.metadata import metadata_of
from livecam.sinks.recording.options import Plan, Say
from livecam.sinks.recording.pixel_format import even_size, fitted
from livecam.sinks.recording.remux import make_ordinary
from livecam.sinks.recording.stats_file import FrameLog
from livecam.sinks.recording.stream_writer import Track
from livecam.sinks.recording.timestamps import Timeline
from livecam.sinks.recording.video_file import VideoFile, did_not_open

WATCH_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class _Take:
    """One recording on its way."""

    path: Path
    is_job: bool  # it was asked for from the beginning: its failure is that of the run
    begun: datetime
    class_name: str
    dropped_before: int


class Desk:
    """Works in the encoder's thread, one call at a time; knows nothing of threads."""

    def __init__(
        self,
        plan: Plan,
        *,
        guard: DiskGuard,
        notify: Say,
        kept: Callable[[Path], None] = lambda _: None,
        report: Say = lambda _: None,
        now: Now = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`kept` hears the path of every finished file, `report` which encoder was taken."""
        self._plan, self._guard, self._notify, self._report = plan, guard, notify, report
        self._now, self._clock, self._kept, self._dropped = now, clock, kept, 0
        self._first_path = plan.first_path
        self._kind = container_of(Path("x" + plan.suffix))
        self._log = (
            FrameLog(
                grid=plan.grid,
                top=plan.top,
                keep_s=plan.before_s + 2.0 if plan.before_s else 1.0,
                tick_s=float(self._kind.tick),
            )
            if plan.figures
            else None
        )
        self._tracks: list[Track] = []
        self._timeline: Timeline | None = None
        self._take: _Take | None = None
        self._size: tuple[int, ...] = ()
        self._pauses = self._gaps = self._end_stamp = 0
        self._watched_s = float("-inf")
        self.is_broken = self._is_told_size = False
        self.minutes_left: float | None = None

    def handle(self, annotated: AnnotatedFrame, dropped: int = 0) -> None:
        """Record one frame if its view says so; `dropped` frames of all never came before it.

        Raises:
            SinkError: the recording that was the job failed; it keeps what it has.
        """
        recording, self._dropped = annotated.view.recording, dropped
        is_other_size = annotated.picture.shape != self._size
        # A camera may come back with another size, pictures of a folder have many: a recording
        # goes on as it began.
        goes_on = self._take is not None and recording
        if not goes_on and (self._take is not None or is_other_size):
            self.finish(dropped)
        self._size = self._size if goes_on else annotated.picture.shape
        self.is_broken = self.is_broken and recording
        if self.is_broken or not (recording or self._plan.before_s):
            return
        if annotated.waiting_for and not recording:
            return
        try:
            self._record(annotated)
        except Exception as error:  # whatever it is, the file comes first
            self._break_off(error)

    def finish(self, dropped: int = 0) -> None:
        """End the recording, if there is one, and let the encoders go.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        self._dropped = dropped
        if self._take is not None:
            try:
                for track in self._tracks:
                    track.drain()
                self._catch_up()
                self._end_take(self._take)
            except Exception as error:
                self._break_off(error)
        self._forget()

    def _record(self, annotated: AnnotatedFrame) -> None:
        if not self._tracks:
            self._open_tracks(annotated)
        assert self._timeline is not None  # noqa: S101  (made with the tracks)
        stamp, duration = self._timeline.place(
            annotated.frame.time_s,
            after_pause=annotated.status.pauses != self._pauses,
            after_gap=annotated.status.gaps != self._gaps,
        )
        self._pauses, self._gaps = annotated.status.pauses, annotated.status.gaps
        if annotated.view.recording and self._take is None:
            self._begin_take(annotated)
        for track, bgr in zip(self._tracks, self._pictures(annotated), strict=True):
            track.add(bgr, stamp, duration)
        if self._log is not None:
            self._log.add(annotated, stamp)
        self._end_stamp = stamp + duration
        if self._take is not None:
            self._catch_up()
            self._watch(self._take)

    def _pictures(self, annotated: AnnotatedFrame) -> list[BgrImage]:
        clean = annotated.picture if annotated.waiting_for else annotated.frame.bgr
        pictures = [annotated.picture, clean] if self._plan.clean else [annotated.picture]
        height, width = self._size[:2]
        if self._take is not None and annotated.picture.shape != self._size:
            self._tell_size(self._take.path.name)
        return [fitted(bgr, width, height) for bgr in pictures]

    def _tell_size(self, name: str) -> None:
        if not self._is_told_size:
            self._is_told_size = True
            self._notify(f"{name} keeps its size: pictures of another size are scaled into it")

    def _open_tracks(self, annotated: AnnotatedFrame) -> None:
        plan = self._plan
        self._timeline = Timeline(self._kind.tick, rate=plan.wish.rate, cut_pauses=plan.cut_pauses)
        self._pauses, self._gaps = annotated.status.pauses, annotated.status.gaps
        for bgr in self._pictures(annotated):
            report = self._report if not self._tracks else _hush
            track = Track(plan, self._kind, even_size(bgr), notify=self._notify, report=report)
            self._tracks.append(track)

    def _begin_take(self, annotated: AnnotatedFrame) -> None:
        self._is_told_size = False
        is_job, path = self._first_path is not None, self._next_path()
        self._take = _Take(path, is_job, self._now(), annotated.stats.class_name, self._dropped)
        try:
            is_short = self._guard.is_short(folder_of(path))
        except OSError as error:
            raise did_not_open(path, error) from error
        if is_short:
            raise SinkError(
                f"the recording {path} was not begun: {self._too_little_room(folder_of(path))}"
            )
        about = {**self._plan.about, "encoder": self._tracks[0].encoder_name}
        metadata = metadata_of(about, self._take.class_name, self._take.begun)
        force = is_job and self._plan.force
        for track, name in zip(self._tracks, (path, clean_path(path)), strict=False):
            track.begin(name, metadata, replace=force)
        if self._log is not None:
            self._log.open(figures_path(path), force=force)
        self._watched_s = self._clock()

    def _next_path(self) -> Path:
        path, self._first_path = self._first_path, None
        if path is not None:
            return path
        return dated_path(made_folder(self._plan.folder), self._now(), self._plan.suffix)

    def _catch_up(self) -> None:
        """Figures and sound up to the last picture, as soon as the file has its first one.

        An encoder holds pictures back: those of a short recording come when it is drained.
        """
        timeline, first = self._timeline, self._tracks[0].first_stamp
        if self._log is not None and first is not None:
            self._log.begin_at(first)
        for track in self._tracks:
            if track.first_stamp is not None and timeline is not None:
                begin_s = timeline.source_s(track.first_stamp)
                track.add_sound(begin_s, timeline.source_s(self._end_stamp))

    def _watch(self, take: _Take) -> None:
        """Once a second: is the file there, on the medium, and is there room for more."""
        now_s = self._clock()
        if now_s - self._watched_s < WATCH_EVERY_S:
            return
        self._watched_s = now_s
        files = [track.file for track in self._tracks if track.file is not None]
        for file in files:
            file.sync_soon()
        folder, written = folder_of(take.path), sum(file.size_bytes for file in files)
        self._guard.estimate(folder, written, files[0].duration_s)
        self.minutes_left = self._guard.minutes_left
        if self._guard.is_short(folder):
            raise _NoRoomError(self._too_little_room(folder))

    def _too_little_room(self, folder: Path) -> str:
        reserve = self._guard.reserve_bytes / MEGABYTE
        return (
            f"less than {reserve:.0f} MB are free in {folder}. Make room there, or "
            "change --disk-reserve."
        )

    def _end_take(self, take: _Take) -> None:
        """Close the files, make them ordinary, tell the user."""
        dropped = self._dropped - take.dropped_before
        if self._log is not None:
            self._log.close()
        names = [self._tracks[0].encoder_name] * len(self._tracks)
        files = [track.close_file() for track in self._tracks]
        self._take = None
        for file, encoder in zip(files, names, strict=True):
            if file is not None:
                self._complete(file, take, encoder, dropped)
        self.minutes_left = None

    def _complete(self, file: VideoFile, take: _Take, encoder: str, dropped: int) -> None:
        counts = {"frames": file.frames, "dropped": dropped, "seconds": round(file.duration_s, 3)}
        about = {**self._plan.about, "encoder": encoder}
        metadata = metadata_of(about, take.class_name, take.begun, **counts)
        if file.frames and self._guard.has_room_for(folder_of(file.path), file.size_bytes):
            make_ordinary(file.path, file.frames, metadata)
        self._kept(file.path)
        more = f"; {dropped} dropped" if dropped else ""
        frames = counted(file.frames, "frame")
        self._notify(f"recorded {file.path} ({frames}, {file.duration_s:.2f} s{more})")

    def _break_off(self, error: Exception) -> None:
        """Save what there is; then it is the run's failure, or news."""
        take, self._take = self._take, None
        files = [track.file for track in self._tracks if track.file is not None]
        file = files[0] if files else None
        for track in self._tracks:
            with suppress(Exception):  # a broken encoder: what it holds is lost, no more
                if track.file is not None and not track.file.is_broken:
                    track.drain()
        with suppress(Exception):
            self._catch_up()
        for track in self._tracks:
            with suppress(SinkError):
                track.close_file()
        if self._log is not None:
            self._log.close()
        self._forget()
        self.is_broken = True
        for kept in files:
            if kept.size_bytes and kept.path.exists():
                self._kept(kept.path)
        told = _told(error, file)
        if take is not None and take.is_job:
            raise told from error
        self._notify(str(told))

    def _forget(self) -> None:
        for track in self._tracks:
            track.close()
        self._tracks, self._timeline, self.minutes_left = [], None, None


class _NoRoomError(Exception):
    """The reserve of the disk is touched."""


def _told(error: Exception, file: VideoFile | None) -> SinkError:
    if isinstance(error, _NoRoomError) and file is not None:
        return SinkError(
            f"the recording {file.path} was closed at {file.safe_s:.1f} s and is whole: {error}"
        )
    if isinstance(error, SinkError):
        return error
    if file is not None:
        return file.failure(error)
    return SinkError(f"recording failed ({reason_of(error)}).")


def _hush(_: str) -> None:
    """Hear nothing."""
