"""What processes of a pool do in tests: they are begun anew, so that it stands in a module."""

import os
import select
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path


def kill_self() -> None:
    """As the system does where a decoder crashes, or memory runs out."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def die_in_a_message_that_no_pipe_takes_at_once() -> None:
    """From now on: what the system makes of a process that is killed while it sends a result."""

    def send(connection: Connection, message: bytes) -> None:
        if len(message) <= select.PIPE_BUF:
            whole(connection, message)
            return
        whole(connection, message[: select.PIPE_BUF])
        kill_self()

    whole, Connection._send = Connection._send, send


def make_doubling() -> Callable:
    """A worker that doubles numbers; of words it dies, or fails."""

    def double(task):
        if task == "die":
            kill_self()
        if task == "fail":
            raise ValueError("it is the worker's own")
        if task == "die while a result is sent":
            die_in_a_message_that_no_pipe_takes_at_once()
            return bytes(1_000_000)
        if isinstance(task, Path):  # dies the first time only
            if not task.exists():
                task.touch()
                kill_self()
            return str(task)
        return os.getpid() if task == "pid" else 2 * task

    return double


def make_broken() -> Callable:
    """A worker that cannot be made."""
    raise RuntimeError("no worker can be made")


class DyingWorker:
    """A PartWorker that dies of every source with "poison" in its name."""

    def __init__(self, make: Callable[[], Callable]) -> None:
        self._make = make

    def __call__(self) -> Callable:
        work = self._make()

        def measured(task):
            if any("poison" in source.name for source in task.sources):
                kill_self()
            return work(task)

        return measured
