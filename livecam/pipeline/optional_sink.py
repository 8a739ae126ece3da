"""A sink whose failure does not end the run, as long as there is another job."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted
from livecam.core.protocols import BackgroundSink, Sink
from livecam.errors import ConsumerGoneError, SinkError


class ClosableSink(Sink, Protocol):
    """A sink that is opened and closed."""

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""


class OptionalSink:
    """Hands everything to another sink until that fails; then reports it once and goes on.

    Attributes:
        failure: why the sink takes nothing more; None as long as it does.
    """

    def __init__(
        self,
        sink: ClosableSink,
        notify: Callable[[str], None],
        *,
        what: str,
        is_only_job: Callable[["OptionalSink"], bool] = lambda _: False,
    ) -> None:
        """Open nothing yet.

        Args:
            sink: the other sink.
            notify: gets one line where it fails.
            what: it writes: figures, pictures.
            is_only_job: whether nothing is left to be done without it: then its failure is raised.
        """
        self._sink, self._notify, self._is_only_job = sink, notify, is_only_job
        self.failure: SinkError | None = None
        self._what = what

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            SinkError: that failed; nothing is lost yet.
        """
        self._sink.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        try:
            self._sink.__exit__(kind, error, traceback)
        except (SinkError, ConsumerGoneError) as failure:
            self._fail(failure)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Hand over one frame, if the sink still works.

        Raises:
            SinkError, ConsumerGoneError: it failed, and there is no other job.
        """
        if self.failure is not None:
            return
        try:
            self._sink.show(annotated)
        except (SinkError, ConsumerGoneError) as failure:
            self._fail(failure)

    def is_full(self) -> bool:
        """Whether the next frame would be dropped."""
        return isinstance(self._sink, BackgroundSink) and self._sink.is_full()

    def is_idle(self) -> bool:
        """Whether everything has been written, or cannot be; waits a moment at most."""
        return not isinstance(self._sink, BackgroundSink) or self._sink.is_idle()

    def dropped(self) -> int:
        """How many frames were dropped so far."""
        return self._sink.dropped() if isinstance(self._sink, BackgroundSink) else 0

    def lack(self) -> str:
        """What is missing at the end, for the closing line; "" where nothing is."""
        dropped = self.dropped()
        if dropped:
            frames = counted(dropped, "frame")
            return f"the {self._what} of {frames} were dropped: whoever takes them is too slow"
        return "" if self.failure is None else f"the {self._what} are not complete"

    def _fail(self, failure: SinkError | ConsumerGoneError) -> None:
        if self._is_only_job(self):
            raise failure
        self.failure = failure if isinstance(failure, SinkError) else SinkError(str(failure))
        self._notify(f"{failure} The run goes on.")


def optional_sinks(
    sinks: Sequence[tuple[ClosableSink, str]],
    notify: Callable[[str], None],
    *,
    has_other_job: bool,
) -> list[OptionalSink]:
    """Sinks that the run can do without, as long as one of them, or another job, is left.

    Args:
        sinks: each with what it writes.
        notify: gets one line for each that fails.
        has_other_job: whether there is anything to be done but for these sinks.
    """
    made: list[OptionalSink] = []

    def is_only_job(sink: OptionalSink) -> bool:
        return not has_other_job and all(each is sink or each.failure is not None for each in made)

    made += [OptionalSink(sink, notify, what=what, is_only_job=is_only_job) for sink, what in sinks]
    return made
