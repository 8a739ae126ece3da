"""Runs tasks in the standard library's process pool, and goes on where a process dies.

A pool whose process dies loses everything that it was working on, and does not say which task was
to blame. So each of these tasks is tried again alone; what takes its process with it even then is
given up, and named.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait as wait_for_end
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self

from livecam.errors import SinkError
from livecam.execution.ctrl_c_in_children import children_ignore_ctrl_c
from livecam.execution.result_files import (
    new_result_folder,
    remove_results,
    take_result,
    write_result,
)
from livecam.execution.task_runner import Outcome, Result, Task

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

END_S = 5.0
"""One that hangs in the system, a dead network folder's, is not waited for."""

TRIES_ALONE = 4
"""As many as Ray tries: a process may also be killed by others, for the memory, say."""

MakeFunction = Callable[[], Callable[[Any], Any]]
"""Makes, in a worker, the function that does its tasks; can be pickled."""


class ProcessPool(Generic[Task, Result]):
    """A TaskRunner of this machine."""

    def __init__(self, make_function: MakeFunction, workers: int) -> None:
        """Start nothing yet.

        Args:
            make_function: called once in each process.
            workers: so many processes.
        """
        self.workers, self.retries = workers, 0
        self._make_function = make_function
        self._pool: ProcessPoolExecutor | None = None
        self._results: TemporaryDirectory[str] | None = None
        self._running: dict[Future[Any], Task] = {}
        self._alone: deque[Task] = deque()
        self._died: Counter[Task] = Counter()

    def __enter__(self) -> Self:
        """Make the pool.

        Raises:
            SinkError: no temporary folder can be made.
        """
        self._results = new_result_folder()
        self._pool = self._new_pool()
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are at."""
        self._end_pool()
        if self._results is not None:
            self._results.cleanup()

    def can_take(self) -> bool:
        """One task more than there are processes waits, so that none of them has to."""
        return not self._alone and len(self._running) <= self.workers

    def submit(self, task: Task) -> None:
        """Run it."""
        if self._pool is None:
            raise RuntimeError("a ProcessPool is used inside a with statement")
        try:
            with children_ignore_ctrl_c():  # it starts a process where one is missing
                future = self._pool.submit(_run, task)
            self._running[future] = task
        except BrokenProcessPool:  # it broke just now: the next look at the outcomes finds that
            self._running[_broken()] = task

    def outcomes(self, wait_s: float) -> Sequence[Outcome[Task, Result]]:
        """The tasks that are done, and those that are given up."""
        if self._alone and not self._running:
            self.submit(self._alone.popleft())
        done, _ = wait(self._running, wait_s, FIRST_COMPLETED)
        ended: list[Outcome[Task, Result]] = []
        lost: list[Task] = []
        for future in done:
            task = self._running.pop(future)
            try:
                path, problem = future.result()
                ended.append(Outcome(task, take_result(path) if path else None, problem))
            except BrokenProcessPool:
                lost.append(task)
            except SinkError as error:
                ended.append(Outcome(task, problem=str(error)))
            except Exception as error:  # the task cannot be sent
                ended.append(Outcome(task, problem=f"{type(error).__name__}: {error}"))
        if lost:
            ended += self._after_death(lost)
        return ended

    def _after_death(self, lost: list[Task]) -> list[Outcome[Task, Result]]:
        """A process died: all that the pool was at has to be done again, one after the other."""
        lost += self._running.values()
        self._running.clear()
        self._end_pool()
        self._pool = self._new_pool()
        self.retries += len(lost)
        if len(lost) > 1:
            self._alone.extendleft(reversed(lost))
            return []
        (task,) = lost
        self._died[task] += 1
        if self._died[task] < TRIES_ALONE:
            self._alone.appendleft(task)
            return []
        return [Outcome(task, problem="the process that worked on it died, each time it was tried")]

    def _new_pool(self) -> ProcessPoolExecutor:
        if self._results is None:
            raise RuntimeError("a ProcessPool is used inside a with statement")
        return ProcessPoolExecutor(
            self.workers,
            multiprocessing.get_context("spawn"),
            initializer=_begin_worker,
            initargs=(self._make_function, Path(self._results.name)),
        )

    def _end_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())  # noqa: SLF001  (until 3.14 has a way)
        pool.shutdown(wait=False, cancel_futures=True)
        running = []
        for process in processes:
            with suppress(OSError, ValueError):
                process.kill()
                running.append(process.sentinel)
        _wait_for_all(running, END_S)


def _wait_for_all(ends: Sequence[int], wait_s: float) -> None:
    """Wait until all processes of these sentinels have ended, at most so long."""
    until_s, running = time.monotonic() + wait_s, set(ends)
    while running and (left_s := until_s - time.monotonic()) > 0:
        running -= set(wait_for_end(list(running), left_s))


_MAX_PROBLEM_CHARS = 400
"""What goes through the pipe has to fit into it at once: see result_files.py."""

_function: Callable[[Any], Any] | None = None
_results: Path | None = None
"""Of this process, where it is a worker."""


def _begin_worker(make_function: MakeFunction, results: Path) -> None:
    """Make a worker of this process."""
    global _function, _results  # noqa: PLW0603  (the pool hands nothing else to its tasks)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # also where the program's mask is not inherited
    _results = results
    threading.Thread(target=_end_with_program, name="livecam-program-watch", daemon=True).start()
    try:
        _function = make_function()
    except Exception as error:  # the pool would not say what it was
        _function = partial(_raise, error)


def _end_with_program() -> None:
    """A program that is killed takes its workers with it, and they the results nobody takes."""
    program = multiprocessing.parent_process()
    if program is not None:
        wait_for_end([program.sentinel])
        if _results is not None:
            remove_results(_results)
        os._exit(1)


def _raise(error: Exception, _: object) -> None:
    raise error


def _run(task: Any) -> tuple[str, str]:
    """The path of a file with the result, or what went wrong."""
    if _function is None or _results is None:
        raise RuntimeError("the process of the pool was not begun")
    try:
        return write_result(_results, _function(task)), ""
    except SinkError as error:
        return "", str(error)[:_MAX_PROBLEM_CHARS]
    except Exception as error:  # of the function itself: a fault of ours, or of a library
        return "", f"{type(error).__name__}: {error}"[:_MAX_PROBLEM_CHARS]


def _broken() -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(BrokenProcessPool())
    return future
