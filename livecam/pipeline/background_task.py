"""A call in a thread of its own; the caller stays responsive while it waits."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")


class BackgroundTask(Generic[Result]):
    """A call in a daemon thread, which does not keep the program from ending."""

    def __init__(self, make: Callable[[], Result]) -> None:
        self._make = make
        self._made: list[Result] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True, name="livecam-opening")
        self._thread.start()

    def is_over(self, wait_s: float) -> bool:
        """Whether it is done, waiting for that for a moment."""
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def result(self) -> Result:
        """What was made, or the error."""
        if self._error is not None:
            raise self._error
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._make())
        except BaseException as error:  # raised again in result()
            self._error = error
