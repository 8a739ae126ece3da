"""Keeps the records of each day in a thread of its own: nobody who looks waits for a disk."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Semaphore

from livecam.core.class_figures import ClassFigures
from livecam.core.day_records.day_look import DayLook
from livecam.core.formatting import counted, reason_of
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.core.watching.watch_event import WatchEvent
from livecam.errors import SinkError
from livecam.pipeline.background_writer import BackgroundWriter
from livecam.settings.day_records import DayRecordSettings
from livecam.sinks.day_records.day_files import DayFiles
from livecam.sinks.day_records.timelapse import Timelapse
from livecam.sinks.recording.disk_thread import DiskThread

THREAD_NAME = "livecam-days"  # see livecam/__main__.py
WRITE_EVERY = timedelta(seconds=60)
MOST_WAITING = 2_000
MOST_PICTURES = 5
PATIENCE_S, LIMIT_S = 10.0, 30.0

Say = Callable[[str], None]
Work = Callable[[], None]


@dataclass(frozen=True, slots=True)
class DayRecordOptions:
    """What is kept of each day.

    Attributes:
        folder: of the events.
        settings: what is wanted.
        view: the colours of the maps.
        events: gives all events that are on the disk.
        enforce_retention: is called about once a minute, in the thread.
    """

    folder: Path
    settings: DayRecordSettings
    view: View
    events: Callable[[], Iterable[WatchEvent]]
    enforce_retention: Work = lambda: None


class DayRecords:
    """Counts, maps and time-lapses of all cameras; implements EventListener.

    Time is that of looks and events. What could not be written is tried again with the next.

    Attributes:
        failure: why something is missing for good; None while nothing is.
    """

    def __init__(self, options: DayRecordOptions, say: Say) -> None:
        """Start the thread.

        Args:
            options: what is kept.
            say: gets one line where something cannot be written.
        """
        self._options, self._say = options, say
        self._days: dict[str, _CameraDay] = {}
        self._next_picture: dict[str, datetime] = {}
        self._newest: dict[str, BgrImage] = {}
        self._room = Semaphore(MOST_PICTURES)
        self._problem = ""
        self.failure: SinkError | None = None
        self._dropped_pictures = 0
        self._next_retention: datetime | None = None
        self._disk = DiskThread(THREAD_NAME)
        self._writer: BackgroundWriter[Work] = BackgroundWriter(
            self._work, most=MOST_WAITING, name=THREAD_NAME
        )

    def show(self, look: DayLook) -> None:
        """Take a look: for the maps, and where one is due for the time-lapse. Returns at once."""
        wanted = self._options.settings
        self._newest[look.camera] = look.bgr
        self._enforce_retention(look.at)
        if wanted.timelapse is not None and self._is_due(look, wanted.timelapse):
            is_clean = wanted.timelapse_pictures == "clean"
            self._add_picture(look, look.bgr if is_clean else look.annotated())
        if wanted.day_files:
            size = look.bgr.shape[1], look.bgr.shape[0]
            self._put(partial(self._add_maps, look.camera, look.at, tuple(look.figures), size))

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """Count a look for a class."""
        if self._options.settings.day_files:
            self._put(partial(self._count_look, camera, class_name, probability, at))

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Count an event."""
        del picture_jpeg
        if self._options.settings.day_files:
            self._put(partial(self._count_event, event))

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """It counts already."""

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Note how long it was."""
        self.started(event, picture_jpeg)

    def finished(self, event: WatchEvent) -> None:
        """It counts already."""

    def close(self) -> None:
        """Write everything, and end the thread."""
        self._writer.close(patience_s=PATIENCE_S, limit_s=LIMIT_S, last=self._close_all)
        self._disk.close()
        if self._writer.dropped or self._dropped_pictures:
            self._say(
                f"the disk took too long: {counted(self._writer.dropped, 'look')} and "
                f"{counted(self._dropped_pictures, 'picture')} are not in the records of the day."
            )

    def is_idle(self) -> bool:
        """Whether everything so far is done."""
        return self._writer.is_idle

    def _is_due(self, look: DayLook, every_s: float) -> bool:
        """Whether the time-lapse takes this picture; also where the clock was set back."""
        due = self._next_picture.get(look.camera)
        step = timedelta(seconds=every_s)
        if due is not None and due - step <= look.at < due:
            return False
        follows = due is not None and look.at < due + step
        self._next_picture[look.camera] = (due if follows and due else look.at) + step
        return True

    def _add_picture(self, look: DayLook, picture: BgrImage) -> None:
        """Let the thread have it, unless the disk takes nothing: pictures are large."""
        if not self._room.acquire(blocking=False):
            self._dropped_pictures += 1
        elif not self._put(partial(self._take_picture, look.camera, look.at, picture)):
            self._room.release()

    def _enforce_retention(self, at: datetime) -> None:
        """Have what is too old deleted where it is time; also where the clock was set back."""
        due = self._next_retention
        if due is None or not due - WRITE_EVERY <= at < due:
            self._next_retention = at + WRITE_EVERY
            self._put(self._options.enforce_retention)

    def _put(self, work: Work) -> bool:
        return self._writer.put(work)

    def _work(self, work: Work) -> None:
        """In the thread; what fails now, in whatever way, ends nothing for ever."""
        try:
            work()
        except SinkError as error:
            self._tell(str(error))
        except Exception as error:  # of a library, or a fault of ours: what comes next is done
            self._tell(f"the records of the day are not complete: {reason_of(error)}.")

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        """What cannot be written in the block is tried no more."""
        try:
            yield
        except SinkError as error:
            self.failure = error
            raise

    def _tell(self, problem: str) -> None:
        """Say a problem once, as long as it stays the same."""
        if problem != self._problem:
            self._problem = problem
            self._say(problem)

    def _take_picture(self, camera: str, at: datetime, picture: BgrImage) -> None:
        try:
            with self._lasting():
                self._day(camera, at).add_picture(picture)
        finally:
            self._room.release()

    def _add_maps(
        self, camera: str, at: datetime, figures: Iterable[ClassFigures], size: tuple[int, int]
    ) -> None:
        day = self._day(camera, at)
        for each in figures:
            day.maps.add(each, size)
        self._write_where_due(camera, at)

    def _count_look(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        self._day(camera, at).counts.add_look(class_name, probability, at)
        self._write_where_due(camera, at)

    def _count_event(self, event: WatchEvent) -> None:
        """An event belongs to the day on which it began, which may be over."""
        day = self._days.get(event.camera)
        if day is None or day.day < event.start.date():
            day = self._day(event.camera, event.start)
        if day.day == event.start.date():
            day.counts.add_event(event)
            day.write_counts()
            return
        files = DayFiles(self._options.folder, event.start.date(), event.camera)
        counts = files.read_counts(self._say)
        counts.add_event(event)
        with self._lasting():
            files.write_counts(counts)

    def _day(self, camera: str, at: datetime) -> "_CameraDay":
        """The records of this moment's day; those of another day are closed."""
        day = self._days.get(camera)
        if day is None or day.day != at.date():
            if day is not None:
                self._work(partial(self._close_day, camera))  # a failure is the old day's alone
            day = _CameraDay(self._options, camera, at.date(), self._disk, self._say)
            self._days[camera] = day
        return day

    def _close_day(self, camera: str) -> None:
        day = self._days.pop(camera)
        with self._lasting():
            try:
                day.write(self._newest.get(camera))
            finally:
                day.close()

    def _close_all(self) -> None:
        for camera in list(self._days):
            self._work(partial(self._close_day, camera))

    def _write_where_due(self, camera: str, at: datetime) -> None:
        day = self._days[camera]
        if day.is_due(at):
            day.write(self._newest.get(camera))
            self._problem = ""


class _CameraDay:
    """One camera on one day. In the thread."""

    def __init__(
        self, options: DayRecordOptions, camera: str, day: date, disk: DiskThread, say: Say
    ) -> None:
        self.day, self._options, self._disk, self._say = day, options, disk, say
        self._files = DayFiles(options.folder, day, camera)
        self._timelapse: Timelapse | None = None
        self._written: datetime | None = None
        if options.settings.day_files:
            self.counts = self._files.read_counts(say)
            self.counts.add_events(camera, options.events())
            self.maps = self._files.read_maps(say)

    def add_picture(self, picture: BgrImage) -> None:
        """Append to the time-lapse; one that cannot be written is begun anew with the next."""
        height, width = picture.shape[:2]
        if self._timelapse is not None and self._timelapse.size_px != (width, height):
            self._close_timelapse()
        if self._timelapse is None:
            self._files.make_folder()
            self._timelapse = Timelapse(self._files.timelapse, (width, height), self._disk)
        try:
            self._timelapse.add(picture)
        except SinkError:
            with suppress(SinkError):
                self._close_timelapse()
            raise

    def is_due(self, at: datetime) -> bool:
        """Whether it is time to write; what cannot be written is tried no more often either."""
        before = self._written
        if before is not None and before <= at < before + WRITE_EVERY:
            return False
        self._written = at
        return True

    def write(self, last: BgrImage | None) -> None:
        """Write counts and maps, these over the last picture."""
        if self._options.settings.day_files:
            self.write_counts()
            self._files.write_maps(self.maps, last, self._options.view)

    def write_counts(self) -> None:
        self._files.write_counts(self.counts)

    def close(self) -> None:
        if self._timelapse is not None:
            self._close_timelapse()

    def _close_timelapse(self) -> None:
        closing, self._timelapse = self._timelapse, None
        if closing is not None:
            closing.close()
