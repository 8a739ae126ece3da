"""The recorder: a sink that records while the view says so, in a thread beside the loop.

The way of a frame, from `Recorder.show` to the disk:

1. `Recorder.show` (here) puts it into the bounded queue of the `EncoderThread`; where that is full,
   the frame of a camera is dropped, and the loop of a clip waits.
2. `RecordingSession` (session.py), in that thread, begins and ends recordings as the frame's view
   says, gives the frame its time stamp (timestamps.py), and checks the disk once a second.
3. `StreamWriter` (stream_writer.py), one for the annotated and one for the clean pictures, hands
   the picture to
4. the `Encoder` (encoder.py), in a thread that is left behind where it hangs (watched_encoder.py),
   and the packets that come out to
5. the `VideoFile` (video_file.py), which muxes them into
6. a `CrashSafeFile` (crash_safe_file.py): bytes reach the disk in whole fragments only,
7. and in a thread that waits for it (disk_thread.py), so that a disk may stall for as long as
   `--write-buffer` lasts.

`RecordingFiles` (recording_files.py) goes on in the next files where --split or the largest size of
a file asks for it, at a key frame, so that every frame is in exactly one of them.

While nothing is recorded and `--clip-before` is given, packets wait in a `PreRollBuffer` instead.
A file that is left is remuxed (remux.py) by the `Finisher` (finisher.py), so that its index is in
front; the oldest files go as --keep-days and --keep-gb say (retention.py).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.bottleneck import SmoothedDuration
from livecam.core.timing import Stopwatch
from livecam.errors import LivecamError
from livecam.native.free_memory import return_free_pages
from livecam.sinks.output_paths import Now
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.session import RecordingSession

MAX_WAIT_S = 0.4  # of a camera's frame in the queue: it is lost if the program is killed
MAX_LIVE_FRAMES = 24
MAX_CLIP_FRAMES = 3  # enough to keep both threads busy; more would only leave the cache
MANY_FRAMES = 4  # that wait: their pictures took more memory than the run needs otherwise
MAX_QUEUE_BYTES = 200_000_000
_POLL_S = 0.1  # of a clip that waits: the disk does not say when it has caught up


class Recorder:
    """Records while the view says so; implements protocols.Sink.

    The first recording goes into the file that was asked for, later ones (key `r`) into files
    named by date and time. Pictures of another size are scaled into that of the first one.
    """

    def __init__(
        self,
        options: RecordingOptions,
        events: RecordingEvents = RecordingEvents(),  # noqa: B008  (frozen, does nothing)
        *,
        disk_space: DiskSpaceMonitor | None = None,
        stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
        now: Now = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet: the size of the pictures is known with the first frame.

        Args:
            options: what is recorded, and where to.
            events: callbacks.
            disk_space: watches the disk; without it no space is reserved.
            stopwatch: measures the stage "encode".
            now: the wall clock, for names of files.
            clock: monotonic seconds, for everything else.
        """
        self._options, self._events, self._stopwatch = options, events, stopwatch
        self._clock, self._encode_duration = clock, SmoothedDuration()
        self._thread: EncoderThread | None = None
        self._was_recording = self._was_encoding = False
        self._session = RecordingSession(
            options, events, disk_space or DiskSpaceMonitor(0), now=now, clock=clock
        )

    def __enter__(self) -> Self:
        """Return itself; files are opened with the first frame."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file, whatever ended the run.

        Raises:
            SinkError: that failed, and no other error ended the run.
        """
        if self._thread is None:
            return
        try:
            self._thread.close()
        except LivecamError as failure:
            if error is None:
                raise
            self._events.notify(str(failure))  # the error that ended the run is the one raised

    def show(self, annotated: AnnotatedFrame) -> None:
        """Record the annotated picture if the view says so.

        Raises:
            SinkError: the recording failed; the file is closed and keeps what it has.
        """
        is_recording = annotated.view.recording
        if not (is_recording or self._was_recording or self._options.pre_roll_s):
            return
        self._was_recording = is_recording
        _ = annotated.draw  # its letters are drawn in this thread
        if self._thread is None:
            live = self._options.encoder.live
            self._thread = EncoderThread(
                self._encode,
                self._session.finish,
                live=live,
                is_blocked=lambda: self._session.is_disk_behind and not self._events.stop_asked(),
            )
        self._thread.put(annotated)

    def wait_until_not_full(self, annotated: AnnotatedFrame, wait_s: float) -> bool:
        """Whether `show` would not wait with this frame; waits for that at most so long."""
        return self._thread is None or self._thread.wait_until_not_full(annotated, wait_s)

    def state(self) -> RecorderState:
        """How the recorder is doing, for the screen."""
        dropped = self._thread.dropped if self._thread is not None else 0
        sound = self._options.live_sound if self._was_recording else None
        return RecorderState(
            dropped=dropped,
            minutes_left=self._session.minutes_left,
            is_broken=self._session.is_broken,
            rate=None if self._session.is_broken else self._encode_duration.rate,
            sound_level=sound.level if sound is not None else None,
        )

    def _encode(self, annotated: AnnotatedFrame, dropped: int) -> None:
        """Called in the encoder thread with each frame."""
        began_s = self._clock()
        with self._stopwatch.timed("encode"):
            self._session.add_frame(annotated, dropped)
        is_recording = annotated.view.recording
        is_encoding = is_recording and not self._session.is_broken
        if self._was_encoding and is_encoding:  # the first frame opens the encoder, too
            self._encode_duration.add(self._clock() - began_s)
        self._was_encoding = is_encoding


class EncoderThread:
    """Works on annotated frames in order, in a thread of its own, behind a bounded queue."""

    def __init__(
        self,
        work: Callable[[AnnotatedFrame, int], None],
        end: Callable[[int], None],
        *,
        live: bool,
        is_blocked: Callable[[], bool] = lambda: False,
        on_caught_up: Callable[[], None] = return_free_pages,
    ) -> None:
        """Start the thread.

        Args:
            work: called with each frame, and the number of all frames dropped before it.
            end: called last, with the number of all dropped frames.
            live: whether frames are dropped where the queue is full; else `put` waits.
            is_blocked: whether no frame may be added, though the queue has room.
            on_caught_up: called there after the first frame, and when all are worked on of
                MANY_FRAMES or more that waited.
        """
        self._work, self._end, self._live = work, end, live
        self._is_blocked, self._on_caught_up = is_blocked, on_caught_up
        self._queue: deque[tuple[AnnotatedFrame, int]] = deque()
        self._changed = threading.Condition()
        self._is_closing = False
        self._is_behind = True  # until the encoder is open; that takes memory, too
        self._last_recording = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="livecam-encoder", daemon=True)
        self.dropped = 0
        self._thread.start()

    def put(self, annotated: AnnotatedFrame) -> None:
        """Put a frame into the queue; where it is full, drop the frame (live) or wait.

        Raises:
            SinkError, Exception: what failed in the thread, once.
        """
        with self._changed:
            if not self._thread.is_alive():  # it failed, and the error was raised before
                self._raise_error()
                return
            is_same = annotated.view.recording == self._last_recording
            # The frames that begin or end a recording are never dropped.
            if self._live and is_same and self._is_full(annotated):
                self.dropped += annotated.view.recording
                self._raise_error()
                return
            while not self._has_room(annotated):
                self._changed.wait(_POLL_S)
            self._raise_error()
            self._last_recording = annotated.view.recording
            self._queue.append((annotated, self.dropped))
            self._is_behind = self._is_behind or len(self._queue) >= MANY_FRAMES
            self._changed.notify_all()

    def wait_until_not_full(self, annotated: AnnotatedFrame, wait_s: float) -> bool:
        """Whether `put` would not wait; waits for that at most so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._has_room(annotated), wait_s)

    def close(self) -> None:
        """Work on what is in the queue, and end the thread.

        Raises:
            SinkError, Exception: what failed in the thread, unless it was raised before.
        """
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join()
        self._raise_error()

    def _has_room(self, annotated: AnnotatedFrame) -> bool:
        """Whether `put` returns at once: also where it drops the frame, or raises an error."""
        return self._live or self._error is not None or not self._is_full(annotated)

    def _is_full(self, annotated: AnnotatedFrame) -> bool:
        if self._is_blocked():
            return True
        waiting = len(self._queue)
        if waiting < 2:
            return False
        if self._live and annotated.frame.time_s - self._queue[0][0].frame.time_s > MAX_WAIT_S:
            return True
        max_frames = MAX_LIVE_FRAMES if self._live else MAX_CLIP_FRAMES
        return waiting >= max_frames or waiting * 2 * annotated.painted.nbytes > MAX_QUEUE_BYTES

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self) -> None:
        try:
            while (item := self._next()) is not None:
                self._work(*item)
                if self._has_caught_up():
                    self._on_caught_up()
        except BaseException as error:
            self._fail(error)
        try:
            self._end(self.dropped)
        except BaseException as error:
            self._fail(error)

    def _next(self) -> tuple[AnnotatedFrame, int] | None:
        """The next frame of the queue; None at the end."""
        with self._changed:
            while not self._queue and not self._is_closing:
                self._changed.wait()
            item = self._queue.popleft() if self._queue else None
            self._changed.notify_all()
            return item

    def _has_caught_up(self) -> bool:
        """Whether many frames waited until now, as while the encoder is being opened."""
        with self._changed:
            if self._queue or not self._is_behind:
                return False
            self._is_behind = False
            return True

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._error = self._error or error
            self._queue.clear()
            self._changed.notify_all()
