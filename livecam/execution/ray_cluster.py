"""Runs tasks on a cluster of Ray: its scheduler, its retries, its object store, its dashboard."""

import logging
import math
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, Self

from livecam.core.formatting import counted
from livecam.errors import SettingsError
from livecam.execution.process_pool import MakeFunction
from livecam.execution.task_runner import Outcome, Result, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

AUTO = "auto"
RETRIES = 3
"""Ray begins a task so many times again when its worker or its machine is lost."""

_WAITING_EACH = 1.0
"""So many tasks more than work wait at Ray, as a share: workers never wait for the next one, and
the results never fill the object store."""

Say = Callable[[str], None]


class RayCluster(Generic[Task, Result]):
    """A TaskRunner of a cluster. One task is one task of Ray.

    No actors: those that leave no processor for tasks stand still for ever (seen with Ray 2.60).
    """

    retries = 0  # Ray's own, which its dashboard counts

    def __init__(self, make_function: MakeFunction, address: str, cores: int, say: Say) -> None:
        """Connect to nothing yet.

        Args:
            make_function: called once in each process of the cluster.
            address: of the cluster; "auto" for the one of this machine, or else a new one here.
            cores: of the processor, for each task.
            say: receives a line about the cluster.
        """
        self._make_function, self._address = make_function, address
        self._cores, self._say = cores, say
        self._ray: Any = None
        self._function: Any = None
        self._made: Any = None
        self._running: dict[Any, Task] = {}
        self._machines: dict[str, int] = {}  # those that are there: tasks at a time, by identity

    @property
    def workers(self) -> int:
        """As many as the cluster had room for at last: machines come and go."""
        return max(1, sum(self._machines.values()))

    def __enter__(self) -> Self:
        """Connect, and put what the tasks need into the object store, once.

        Raises:
            SettingsError: Ray is not installed, or there is no such cluster.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Else what a lost machine's log ends with is printed to standard output.
        os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")
        try:
            import ray
        except ImportError as error:
            raise SettingsError(
                "--ray needs Ray: install it with \"pip install 'livecam[ray]'\"."
            ) from error
        self._ray = ray
        with _own_signal_handlers():
            self._connect()
        options = ray.remote(num_cpus=self._cores, max_retries=RETRIES)
        self._function = options(_run)
        self._made = ray.put(self._make_function)
        self._machines = self._machines_now()
        machines = counted(len(self._machines), "machine")
        self._say(f"Ray: {machines}, {counted(self.workers, 'task')} at a time")
        if not any(self._machines.values()):
            cores = counted(self._cores, "core")
            self._say(f"Ray: no machine has the {cores} of a task: waiting for one that has")
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster; what it is at is given up."""
        self._running.clear()
        with suppress(Exception):
            self._ray.shutdown()

    def can_take(self) -> bool:
        """Whether fewer tasks wait than work."""
        return len(self._running) < self.workers * (1.0 + _WAITING_EACH)

    def submit(self, task: Task) -> None:
        """Run it."""
        # In a list the reference is not resolved for every task: processes keep what it stands for.
        self._running[self._function.remote([self._made], task)] = task

    def outcomes(self, wait_s: float) -> Sequence[Outcome[Task, Result]]:
        """The tasks that are done, and those that Ray has given up."""
        self._note_machines()
        running = list(self._running)
        ready, _ = self._ray.wait(running, num_returns=len(running), timeout=0)
        if not ready:
            ready, _ = self._ray.wait(running, num_returns=1, timeout=wait_s)
        return [self._outcome(reference) for reference in ready]

    def _outcome(self, reference: Any) -> Outcome[Task, Result]:
        task = self._running.pop(reference)
        try:
            return Outcome(task, self._ray.get(reference))
        except self._ray.exceptions.RayError as error:
            name = type(error).__name__
            return Outcome(
                task, problem=f"it was tried {RETRIES + 1} times, and Ray gave it up ({name})"
            )

    def _note_machines(self) -> None:
        """Say which have come or gone."""
        before, self._machines = self._machines, self._machines_now()
        lost, new = len(before.keys() - self._machines), len(self._machines.keys() - before)
        left = f"{counted(len(self._machines), 'machine')} now"
        if lost:
            self._say(f"Ray lost {counted(lost, 'machine')}, {left}: its tasks begin again")
        if new:
            self._say(f"Ray has {counted(new, 'machine')} more, {left}")

    def _machines_now(self) -> dict[str, int]:
        return {
            node["NodeID"]: math.floor(node["Resources"].get("CPU", 0.0) / self._cores)
            for node in self._ray.nodes()
            if node["Alive"]
        }

    def _connect(self) -> None:
        quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
        try:
            self._ray.init(address=self._address, **quiet)
        except ConnectionError as error:
            if self._address != AUTO:
                raise SettingsError(
                    f"--ray {self._address}: no cluster of Ray answers there ({error}): start it "
                    "with 'ray start --head', or give --ray auto."
                ) from error
            self._say("no cluster of Ray runs here: starting one on this machine")
            self._ray.init(address="local", **quiet)


@contextmanager
def _own_signal_handlers() -> "Iterator[None]":
    """Ray sets a handler for SIGTERM that leaves files open."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        with suppress(ValueError):  # not in the main thread: nothing was set there
            signal.signal(number, handler)


_functions: dict[str, Callable[[Any], Any]] = {}
"""Of this process, where it is a worker of Ray, by what made them."""


def _run(made: list[Any], task: Any) -> Any:
    (reference,) = made
    key = reference.hex()
    if key not in _functions:
        import ray

        _functions.clear()
        _functions[key] = ray.get(reference)()
    return _functions[key](task)
