"""What every way to run tasks promises; who plans and keeps results knows nothing else of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Task, Result]):
    """What became of a task.

    Attributes:
        task: as it was submitted.
        result: what its function gave; None where it never came to an end.
        problem: why it did not, for the user: its process died each time it was tried.
    """

    task: Task
    result: Result | None = None
    problem: str = ""


class TaskRunner(Protocol[Task, Result]):
    """Runs tasks beside each other, inside a with statement. Every task has one outcome."""

    @property
    def workers(self) -> int:
        """So many tasks are worked on at the same time."""

    @property
    def retries(self) -> int:
        """So many times a worker was lost and its task begun again."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """End at once: what is being worked on is given up."""

    def can_take(self) -> bool:
        """Whether another task should be submitted now; more would only wait."""

    def submit(self, task: Task) -> None:
        """Run a task."""

    def outcomes(self, wait_s: float) -> Sequence[Outcome[Task, Result]]:
        """What has come to an end since the last call; waits for the first at most so long."""
