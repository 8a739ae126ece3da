"""Runs tasks in the standard library's process pool, and goes on where a process dies.

A pool whose process dies loses everything that it was working on, and does not say which task was
to blame. So each of these tasks is tried again alone; what takes its process with it even then is
given up, and named.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait as wait_for_end
from typing import Any, Generic, Self

from livecam.execution.ctrl_c_in_children import children_ignore_ctrl_c
from livecam.execution.task_runner import Outcome, Result, Task

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
        self._running: dict[Future[Any], Task] = {}
        self._alone: deque[Task] = deque()
        self._died: Counter[Task] = Counter()

    def __enter__(self) -> Self:
        """Make the pool."""
        self._pool = self._new_pool()
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are at."""
        self._end_pool()

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
                ended.append(Outcome(task, future.result()))
            except BrokenProcessPool:
                lost.append(task)
            except Exception as error:  # of the function itself: a fault of ours, or of a library
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
        return ProcessPoolExecutor(
            self.workers,
            multiprocessing.get_context("spawn"),
            initializer=_begin_worker,
            initargs=(self._make_function,),
        )

    def _end_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())  # noqa: SLF001  (until 3.14 has a way)
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(OSError, ValueError):
                process.kill()


_function: Callable[[Any], Any] | None = None
"""Of this process, where it is a worker."""


def _begin_worker(make_function: MakeFunction) -> None:
    """Make a worker of this process."""
    global _function  # noqa: PLW0603  (the pool hands nothing else from here to its tasks)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # also where the program's mask is not inherited
    threading.Thread(target=_end_with_program, name="livecam-program-watch", daemon=True).start()
    try:
        _function = make_function()
    except Exception as error:  # the pool would not say what it was
        _function = partial(_raise, error)


def _end_with_program() -> None:
    """A program that is killed takes its workers with it."""
    program = multiprocessing.parent_process()
    if program is not None:
        wait_for_end([program.sentinel])
        os._exit(1)


def _raise(error: Exception, _: object) -> None:
    raise error


def _run(task: Any) -> Any:
    if _function is None:
        raise RuntimeError("the process of the pool was not begun")
    return _function(task)


def _broken() -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(BrokenProcessPool())
    return future
