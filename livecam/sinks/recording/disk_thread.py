"""A thread that waits for the disk, so that nobody else has to: writing, syncing, looking."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, TypeVar

from livecam.sinks.recording.call_thread import POLL_S, SilenceTimer, SilentError, TimeLimit

Result = TypeVar("Result")
_Job = tuple[Callable[[], Any], int, "Future[Any]"]

DISK_LIMIT_S = 60.0
"""So long one call to the system (write, fsync) may take while a recording is closed."""


class DiskSilentError(SilentError):
    """The disk does not answer; what waits for it is written as soon as it does."""


class DiskThread:
    """Does jobs one after another in a daemon thread: a disk may stall, or never answer.

    Attributes:
        waiting_bytes: of the jobs that are not done yet.
    """

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._steps = 0
        self._silent_at: int | None = None
        self.waiting_bytes = 0
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def submit(self, job: Callable[[], Result], size_bytes: int = 0) -> "Future[Result]":
        """Let a job be done after those before it; `size_bytes` wait in memory until then."""
        future: Future[Result] = Future()
        with self._lock:
            self.waiting_bytes += size_bytes
        self._jobs.put((job, size_bytes, future))
        return future

    def call(self, job: Callable[[], Result]) -> Result:
        """What a job gives, or its error; waits for it and for those before it.

        Raises:
            DiskSilentError: nothing was done for DISK_LIMIT_S, or ever since that was found.
        """
        return self.result_of(self.submit(job))

    def result_of(self, future: "Future[Result]") -> Result:
        """What a job that was submitted gives, or its error; waits as `call` does."""
        timer, steps = SilenceTimer(TimeLimit(DISK_LIMIT_S)), self._steps
        while not wait((future,), POLL_S).done:
            if self._steps != steps:
                timer, steps = SilenceTimer(TimeLimit(DISK_LIMIT_S)), self._steps
            if self._silent_at == steps:
                raise DiskSilentError("the disk gives no answer")
            try:
                timer.check()
            except SilentError as error:
                self._silent_at = steps
                raise DiskSilentError(f"the disk gives {error}") from None
        return future.result()

    def step(self) -> None:
        """A job that takes long says that it goes on: its copy has grown."""
        self._steps += 1

    def close(self) -> None:
        """End the thread after its last job; one that hangs ends with the process."""
        self._jobs.put(None)

    def _run(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, size_bytes, future = item
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)
            with self._lock:
                self.waiting_bytes -= size_bytes
            self.step()
            del item, job, future  # the bytes of the last job must not stay until the next one
