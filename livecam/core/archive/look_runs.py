"""Joins looks that a condition holds for to runs: arrays in, arrays out."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

MISSED_LOOKS = 1
"""So many looks in the middle of a run need not hold."""

_SLACK = 0.5
"""Of a look: key frames do not come at even times."""


@dataclass(frozen=True, slots=True, eq=False)
class LookRuns:
    """Runs of looks, one a row; all arrays are of one length.

    Attributes:
        clip: int64, the number of the clip.
        begin_s: float64, time of the first look in the clip.
        last_s: float64, time of the last one.
        look_s: float64, how long the last one stands for: the spacing of looks.
        looks: int64, how many hold.
        strength: float32, of the strongest look; the larger the stronger, never NaN.
        part: int64, the number of the part file that has the strongest look.
        row: int64, its row there.
        first_part: int64, the part that has the first look.
        first_row: int64, its row there.
        last_part: int64, the part that has the last look.
        last_row: int64, its row there.
    """

    clip: npt.NDArray[np.int64]
    begin_s: npt.NDArray[np.float64]
    last_s: npt.NDArray[np.float64]
    look_s: npt.NDArray[np.float64]
    looks: npt.NDArray[np.int64]
    strength: npt.NDArray[np.float32]
    part: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    first_part: npt.NDArray[np.int64]
    first_row: npt.NDArray[np.int64]
    last_part: npt.NDArray[np.int64]
    last_row: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.clip)

    @property
    def end_s(self) -> npt.NDArray[np.float64]:
        """float64: when the last look ends: the next one would come then."""
        return self.last_s + self.look_s

    @classmethod
    def of_looks(
        cls,
        *,
        clip: npt.NDArray[np.int64],
        time_s: npt.NDArray[np.float64],
        look_s: npt.NDArray[np.float64],
        strength: npt.NDArray[np.float32],
        part: npt.NDArray[np.int64],
        row: npt.NDArray[np.int64],
    ) -> Self:
        """A run of its own for each look."""
        known = np.where(np.isnan(strength), np.float32(-np.inf), strength).astype(np.float32)
        ones, places = np.ones(len(clip), np.int64), (part, row)
        return cls(clip, time_s, time_s, look_s, ones, known, *places, *places, *places)

    def taken(self, which: npt.NDArray[Any]) -> Self:
        """Some of them: a mask, or their numbers in any order."""
        return type(self)(*(getattr(self, column.name)[which] for column in fields(self)))


def concatenated(parts: Sequence[LookRuns]) -> LookRuns:
    """All of them, one after the other; at least one."""
    columns = ([getattr(one, column.name) for one in parts] for column in fields(LookRuns))
    return LookRuns(*map(np.concatenate, columns))


def joined(runs: LookRuns, missed: int = MISSED_LOOKS) -> LookRuns:
    """Neighbours of one clip as one run, where at most so many looks between them do not hold.

    Args:
        runs: those of a clip one after the other, by their times.
        missed: so many looks between two runs may be missing.

    Returns:
        As many runs or fewer, in the same order.
    """
    count = len(runs)
    if not count:
        return runs
    first = np.flatnonzero(np.concatenate([[True], ~_are_neighbours(runs, missed)]))
    last = np.append(first[1:], count) - 1
    strength = np.maximum.reduceat(runs.strength, first)
    is_strongest = runs.strength == np.repeat(strength, last - first + 1)
    candidates = np.flatnonzero(is_strongest)
    strongest = candidates[np.searchsorted(candidates, first)]
    return LookRuns(
        clip=runs.clip[first],
        begin_s=runs.begin_s[first],
        last_s=runs.last_s[last],
        look_s=runs.look_s[last],
        looks=np.add.reduceat(runs.looks, first),
        strength=strength,
        part=runs.part[strongest],
        row=runs.row[strongest],
        first_part=runs.first_part[first],
        first_row=runs.first_row[first],
        last_part=runs.last_part[last],
        last_row=runs.last_row[last],
    )


def _are_neighbours(runs: LookRuns, missed: int) -> npt.NDArray[np.bool_]:
    """Whether each run but the last goes on in the next one."""
    most_s = runs.look_s[:-1] * (1 + missed + _SLACK)
    is_near = runs.begin_s[1:] - runs.last_s[:-1] <= most_s
    return np.asarray((runs.clip[1:] == runs.clip[:-1]) & is_near)


def strongest_runs(looks: LookRuns, most: int, drop: float) -> LookRuns:
    """The strongest looks, each with its neighbours as far as these are nearly as strong.

    Args:
        looks: each a run of its own, those of a clip one after the other, by their times.
        most: so many runs at most.
        drop: a neighbour that is weaker than the strongest look by more ends the run.

    Returns:
        The strongest run first; no two have a look in common.
    """
    follows = _are_neighbours(looks, MISSED_LOOKS) if len(looks) else np.empty(0, bool)
    is_free = np.ones(len(looks), bool)
    found: list[LookRuns] = [looks.taken(np.arange(0))]
    for place in np.argsort(-looks.strength, kind="stable"):
        if len(found) > most:
            break
        if not is_free[place]:
            continue
        is_part = is_free & (looks.strength >= looks.strength[place] - drop)
        first = last = int(place)
        while first > 0 and follows[first - 1] and is_part[first - 1]:
            first -= 1
        while last + 1 < len(looks) and follows[last] and is_part[last + 1]:
            last += 1
        is_free[first : last + 1] = False
        found.append(joined(looks.taken(np.arange(first, last + 1))))
    return concatenated(found)


def sorted_by_time(runs: LookRuns) -> LookRuns:
    """Clip by clip, by their times."""
    return runs.taken(np.lexsort((runs.begin_s, runs.clip)))


SAME_S = 1e-3
"""Spacings are float32: two looks of 1/30 s last 0.0666667 s or a little less."""


def lasting(runs: LookRuns, hold_s: float, slack_looks: float = 0.0) -> LookRuns:
    """Those that last at least so long.

    Args:
        runs: any.
        hold_s: seconds.
        slack_looks: so many looks less will do: where times are only nearly known.
    """
    least_s = hold_s - SAME_S - slack_looks * runs.look_s
    return runs.taken(runs.end_s - runs.begin_s >= least_s)
