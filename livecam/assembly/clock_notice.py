"""Says that `--record-clock` has nothing to write: no file says when its pictures were taken."""

from livecam.assembly.run_context import Say
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.protocols import Source


class ClockNotice:
    """Reports the first frame without a date and time, once; implements protocols.Sink."""

    def __init__(self, source: Source, say: Say) -> None:
        """Nothing is said yet."""
        self._source, self._say, self._is_said = source, say, False

    def show(self, annotated: AnnotatedFrame) -> None:
        """Report the frame, if it is the first one; a status card has no time of its own."""
        if self._is_said or annotated.status.at is not None or annotated.waiting_for:
            return
        self._is_said = True
        self._say(
            f"--record-clock: {self._source.title} does not say when it was taken: its pictures "
            "get no date and time"
        )
