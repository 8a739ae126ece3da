"""Waits at the start for a wall clock that is right: small computers begin in the past."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""No livecam ran before."""

PATIENCE_S = 60.0
STEP_S = 0.1


def latest_past(starts: Iterable[datetime], written_at: datetime | None) -> datetime | None:
    """The latest time that has surely passed; None where none is known.

    A clip is watched faster than it lasts: its events begin later than their lines were written.

    Args:
        starts: when events began.
        written_at: when the list of them was last written.
    """
    newest = max(starts, default=None)
    return newest if newest is None or written_at is None else min(newest, written_at)


def wait_for_clock(
    latest: datetime | None,
    *,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    wait: Callable[[float], object],
    stop_asked: Callable[[], bool],
    say: Callable[[str], None],
) -> bool:
    """Wait until the clock may be right, for a minute at most; says whether it may be.

    Args:
        latest: a time that has passed; None where none is known.
        now: the wall clock, with its zone.
        clock: seconds, monotonic.
        wait: waits for so many seconds.
        stop_asked: whether to wait no longer.
        say: receives a line where the clock is behind.
    """
    earliest = EARLIEST if latest is None else max(EARLIEST, latest)
    if now() >= earliest:
        return True
    say(f"the clock says {now():%Y-%m-%d %H:%M}, which is past: waiting for it to be set")
    began_s = clock()
    while now() < earliest and clock() - began_s < PATIENCE_S and not stop_asked():
        wait(STEP_S)
    if now() >= earliest:
        return True
    if not stop_asked():
        say(f"the clock still says {now():%Y-%m-%d %H:%M}: events will have wrong times")
    return False
