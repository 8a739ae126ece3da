"""When an event begins and ends: a state machine over looks and their times, nothing else."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Literal

EndReason = Literal["released", "longest", "silence"]


@dataclass(frozen=True, slots=True)
class RuleLimits:
    """What makes an event.

    Attributes:
        k: it begins when the condition held in so many ...
        n: ... of the last so many looks.
        release_s: it ends when it has not held for so long.
        min_s: a shorter one is none; it is known as an event only when it is so long.
        max_s: it ends when it is so long; a following one begins where it ended.
        cooldown_s: for so long after its end none begins; not after `max_s`.
    """

    k: int = 2
    n: int = 3
    release_s: float = 2.0
    min_s: float = 0.0
    max_s: float = 600.0
    cooldown_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Started:
    """An event has begun.

    Attributes:
        start_s: time of the first look that held, of the `k` with which it began.
        looks: how many looks there were since, that one included.
        held: in how many of `of` looks the condition held when it began.
        of: see there.
    """

    start_s: float
    looks: int
    held: int
    of: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The event is over.

    Attributes:
        start_s: as when it began.
        end_s: time of the last look that held; of one that was too long its longest end.
        looks: how many looks there were from start to end.
        reason: "released", "longest" (max_s, or split), or "silence": no looks came any more.
    """

    start_s: float
    end_s: float
    looks: int
    reason: EndReason


Change = Started | Ended


class EventRules:
    """Feed it looks in order of their times; it says where an event begins and ends."""

    def __init__(self, limits: RuleLimits) -> None:
        self.limits = limits
        self._recent: deque[tuple[float, bool]] = deque(maxlen=limits.n)
        self._going_on: _GoingOn | None = None
        self._not_before_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether an event goes on, and was said to."""
        return self._going_on is not None and self._going_on.is_told

    @property
    def looks(self) -> int:
        """How many looks the event has, the one it began with included; 0 without one."""
        return self._going_on.looks if self._going_on is not None and self.is_open else 0

    def look(
        self, time_s: float, *, holds: bool, still_holds: bool | None = None
    ) -> tuple[Change, ...]:
        """Take one look; where the longest event ends with it, the next one may begin.

        Args:
            time_s: on the source's clock; not before the one before.
            holds: whether the condition holds.
            still_holds: whether its easier version does, with which an event goes on; `holds`
                where there is none.
        """
        still_holds = holds if still_holds is None else still_holds
        ended = self._too_long(time_s)
        if self._going_on is not None:
            self._going_on.add(time_s, holds=still_holds)
            if not still_holds:
                ended = self._released(time_s, "released")
        else:
            self._look_for_start(time_s, holds=holds)
        return ended + self._told(time_s)

    def pass_time(self, time_s: float) -> tuple[Change, ...]:
        """Let time go on without a look: the source is lost, or its looks are late.

        To be called only where a look should have come by now.
        """
        if self._recent and time_s - self._recent[-1][0] > self.limits.release_s:
            self._recent.clear()
        return self._too_long(time_s) or self._released(time_s, "silence")

    def split(self, time_s: float) -> tuple[Change, ...]:
        """End what goes on with a look, as if it were too long: the next ones may begin another."""
        return self._end(time_s, "longest") if self.is_open else ()

    def stop(self) -> tuple[Change, ...]:
        """End what goes on: no more looks will come."""
        return self._end(None, "silence") if self._going_on is not None else ()

    def _look_for_start(self, time_s: float, *, holds: bool) -> None:
        if self._not_before_s is not None and time_s < self._not_before_s:
            return
        self._recent.append((time_s, holds))
        held = [at_s for at_s, has_held in self._recent if has_held]
        if not holds or len(held) < self.limits.k:
            return
        looks = sum(at_s >= held[0] for at_s, _ in self._recent)
        began = Started(held[0], looks, len(held), len(self._recent))
        self._going_on = _GoingOn(began, looks, looks, time_s)
        self._recent.clear()

    def _told(self, time_s: float) -> tuple[Change, ...]:
        """The event that goes on, once it is long enough to be one."""
        one = self._going_on
        is_new = one is not None and not one.is_told and one.last_held_s == time_s
        if one is None or not is_new or time_s - one.began.start_s < self.limits.min_s:
            return ()
        one.is_told = True
        return (replace(one.began, looks=one.looks),)

    def _too_long(self, time_s: float) -> tuple[Change, ...]:
        if self._going_on is None:
            return ()
        end_s = self._going_on.began.start_s + self.limits.max_s
        return self._end(end_s, "longest") if time_s >= end_s else ()

    def _released(self, time_s: float, reason: EndReason) -> tuple[Change, ...]:
        one = self._going_on
        if one is None or time_s - one.last_held_s <= self.limits.release_s:
            return ()
        return self._end(None, reason)

    def _end(self, end_s: float | None, reason: EndReason) -> tuple[Change, ...]:
        """End it where it held last, or at a time after that."""
        one, self._going_on = self._going_on, None
        if one is None or not one.is_told:  # too short to be one
            return ()
        if end_s is None:
            self._not_before_s = one.last_held_s + self.limits.cooldown_s
            return (Ended(one.began.start_s, one.last_held_s, one.looks_to_last, reason),)
        return (Ended(one.began.start_s, end_s, one.looks, reason),)


@dataclass(slots=True)
class _GoingOn:
    """What may become an event, or is one."""

    began: Started
    looks: int
    looks_to_last: int
    last_held_s: float
    is_told: bool = False

    def add(self, time_s: float, *, holds: bool) -> None:
        self.looks += 1
        if holds:
            self.last_held_s, self.looks_to_last = time_s, self.looks
