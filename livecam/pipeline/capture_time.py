"""The wall-clock time of a frame: when it was taken, as well as can be known."""

from collections.abc import Callable
from datetime import datetime, timedelta

from livecam.core.types import Frame

Now = Callable[[], datetime]


def local_now() -> datetime:
    """The present, in the zone of this machine."""
    return datetime.now().astimezone()


def taken_at(frame: Frame, clock: Callable[[], float], now: Now) -> datetime | None:
    """When a frame was taken; None where nobody knows.

    Args:
        frame: of a file, which may say it, or of a live source.
        clock: the one that `captured_s` counts on.
        now: the wall clock; what it says of a frame follows when it is set right.
    """
    if frame.captured_s is None:
        return frame.taken_at
    return now() - timedelta(seconds=clock() - frame.captured_s)
