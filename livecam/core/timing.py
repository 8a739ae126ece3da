"""Arithmetic on time: rates, stages, looking ahead. The clock is always handed in."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from livecam.core.types import Frame, Waiting
from livecam.errors import SourceLostError

T = TypeVar("T")
_UNTIMED: AbstractContextManager[None] = nullcontext()


class Stopwatch:
    """How long each stage of the way takes, frame by frame; without a clock it records nothing."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        """`clock` gives seconds; stages may be timed in several threads at once."""
        self._clock = clock
        self.seconds: dict[str, list[float]] = {}

    def timed(self, stage: str) -> AbstractContextManager[None]:
        """Times what happens inside of the with statement."""
        return _UNTIMED if self._clock is None else _Lap(self._clock, self._laps(stage))

    def timed_items(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """The same items; times how long each takes to come."""
        if self._clock is None:
            yield from items
            return
        waiting, laps = iter(items), self._laps(stage)
        while True:
            began_s = self._clock()
            try:
                item = next(waiting)
            except StopIteration:
                return
            laps.append(self._clock() - began_s)
            yield item

    def _laps(self, stage: str) -> list[float]:
        return self.seconds.setdefault(stage, [])


class _Lap:
    """One stretch of time."""

    __slots__ = ("_began_s", "_clock", "_laps")

    def __init__(self, clock: Callable[[], float], laps: list[float]) -> None:
        self._clock, self._laps = clock, laps
        self._began_s = 0.0

    def __enter__(self) -> None:
        self._began_s = self._clock()

    def __exit__(self, *_: object) -> None:
        self._laps.append(self._clock() - self._began_s)


class RateMeter:
    """Events per second over the last ones, counted as intervals, not as stamps."""

    def __init__(self, window: int = 30) -> None:
        """Remember the last `window` intervals."""
        self._stamps_s: deque[float] = deque(maxlen=window + 1)

    def tick(self, now_s: float) -> float | None:
        """Note an event at `now_s` and give the rate; None until there is an interval."""
        self._stamps_s.append(now_s)
        span_s = now_s - self._stamps_s[0]
        return (len(self._stamps_s) - 1) / span_s if span_s > 0 else None

    def forget(self) -> None:
        """Start anew, so that a pause does not count as one slow frame."""
        self._stamps_s.clear()


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How long one stage took, in milliseconds a frame."""

    stage: str
    median_ms: float
    p95_ms: float


# Stages of one lane follow each other; the lanes work at the same time.
LANES = (("decode", "crop"), ("network",), ("heat", "boxes", "figures", "hand-over"), ("encode",))


def figures_of(seconds: Mapping[str, Sequence[float]], *, warm_up: int) -> list[StageFigures]:
    """Median and 95th percentile of each stage in the order of the way, the first frames left out.

    Args:
        seconds: of a Stopwatch.
        warm_up: how many frames at the beginning do not count.
    """
    found = []
    for stage in (stage for lane in LANES for stage in lane):
        laps = sorted(seconds.get(stage, ())[warm_up:])
        if laps:
            at_95 = laps[min(len(laps) - 1, round(0.95 * (len(laps) - 1)))]
            found.append(StageFigures(stage, 1000 * median(laps), 1000 * at_95))
    return found


def limit_of(figures: Sequence[StageFigures], *, overlapped: bool) -> str:
    """The stage that decides how many frames a second there are.

    One after the other, the longest; side by side, the longest of the busiest lane. Handing over
    does not count beside an encoder: there it mostly waits for it.
    """
    known = {f.stage: f.median_ms for f in figures}
    if "encode" in known:
        known.pop("hand-over", None)
    if not known:
        return ""
    if overlapped:
        busiest = max(LANES, key=lambda lane: sum(known.get(stage, 0.0) for stage in lane))
        known = {stage: known[stage] for stage in busiest if stage in known}
    return max(known, key=lambda stage: known[stage])


def with_next_times(
    frames: Iterator[Frame | Waiting], *, look_ahead: bool
) -> Iterator[tuple[Frame | Waiting, float | None]]:
    """Each frame with the time of the one after it, None without look-ahead.

    Looking ahead decodes the next frame while the present one waits on the screen. An error on
    the way ahead is raised after the present frame has been handed out: no frame is lost. Where
    the next one takes long, the Waiting that says so is given first: the caller stays responsive.
    """
    if not look_ahead:
        yield from ((frame, None) for frame in frames)
        return
    present: Frame | None = None
    error: SourceLostError | None = None
    while True:
        try:
            following = next(frames, None)
        except SourceLostError as caught:
            following, error = None, caught
        if isinstance(following, Waiting):
            yield following, None
            continue
        if present is not None:
            yield present, following.time_s if following else None
        if following is None:
            break
        present = following
    if error is not None:
        raise error
