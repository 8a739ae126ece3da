"""Encoding beside the loop: a bounded queue, and what happens when it is full."""

import threading
from collections import deque
from collections.abc import Callable

from livecam.core.annotated_frame import AnnotatedFrame

LONGEST_WAIT_S = 0.4  # of a camera's frames: what waits here is lost if the program is killed
MOST_FRAMES = 24
MOST_FRAMES_OF_FILES = 4  # enough to keep both sides busy; more would only leave the cache
MOST_BYTES = 200_000_000


class EncoderThread:
    """Hands annotated frames to `work`, in order, in a thread of its own."""

    def __init__(
        self, work: Callable[[AnnotatedFrame, int], None], end: Callable[[int], None], *, live: bool
    ) -> None:
        """`live`: drop frames rather than wait.

        `work` also gets the number of frames dropped before this one; `end` is called last, in
        the same thread, with the number of all.
        """
        self._work, self._end, self._live = work, end, live
        self._queue: deque[tuple[AnnotatedFrame, int]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._last_recording = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="livecam-encoder", daemon=True)
        self.dropped = 0
        self._thread.start()

    def give(self, annotated: AnnotatedFrame) -> None:
        """Take an annotated frame into the queue; where it is full, drop it (live) or wait.

        Raises:
            SinkError, Exception: what went wrong in the thread, once.
        """
        with self._changed:
            if not self._thread.is_alive():  # it failed, and that has been told
                self._raise_error()
                return
            same = annotated.view.recording == self._last_recording
            if self._live and same and self._is_full(annotated):  # begin and end are never dropped
                self.dropped += annotated.view.recording
                self._raise_error()
                return
            while not self._live and self._is_full(annotated) and self._error is None:
                self._changed.wait()
            self._raise_error()
            self._last_recording = annotated.view.recording
            self._queue.append((annotated, self.dropped))
            self._changed.notify_all()

    def close(self) -> None:
        """Finish what is in the queue.

        Raises:
            SinkError, Exception: what went wrong in the thread, unless it was told before.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._raise_error()

    def _is_full(self, annotated: AnnotatedFrame) -> bool:
        waiting = len(self._queue)
        if waiting < 2:
            return False
        if self._live and annotated.frame.time_s - self._queue[0][0].frame.time_s > LONGEST_WAIT_S:
            return True
        most = MOST_FRAMES if self._live else MOST_FRAMES_OF_FILES
        return waiting >= most or waiting * 2 * annotated.picture.nbytes > MOST_BYTES

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self) -> None:
        try:
            while (item := self._next()) is not None:
                self._work(*item)
        except BaseException as error:
            self._fail(error)
        try:
            self._end(self.dropped)
        except BaseException as error:
            self._fail(error)

    def _next(self) -> tuple[AnnotatedFrame, int] | None:
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            item = self._queue.popleft() if self._queue else None
            self._changed.notify_all()
            return item

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._error = self._error or error
            self._queue.clear()
            self._changed.notify_all()
