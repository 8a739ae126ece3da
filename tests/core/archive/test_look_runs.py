"""Looks joined to runs: against a plain loop over the same looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.archive.look_runs import (
    LookRuns,
    concatenated,
    joined,
    lasting,
    sorted_by_time,
    strongest_runs,
)


def runs_of(clip, time_s, strength=None, look_s=1.0) -> LookRuns:
    count = len(clip)
    return LookRuns.of_looks(
        clip=np.asarray(clip, np.int64),
        time_s=np.asarray(time_s, np.float64),
        look_s=np.full(count, look_s),
        strength=np.asarray(strength if strength is not None else [0] * count, np.float32),
        part=np.asarray(clip, np.int64),
        row=np.arange(count, dtype=np.int64),
    )


def plain(looks: list[tuple[int, float, float]], look_s: float) -> list[tuple]:
    """Runs as (clip, begin, last, looks, strongest row), by a loop."""
    found: list[list] = []
    for row, (clip, time_s, strength) in enumerate(looks):
        if found and found[-1][0] == clip and time_s - found[-1][2] <= 2.5 * look_s:
            found[-1][2], found[-1][3] = time_s, found[-1][3] + 1
        else:
            found.append([clip, time_s, time_s, 1, row, strength])
        if strength > found[-1][5]:
            found[-1][4:] = row, strength
    return [tuple(one[:5]) for one in found]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 5)), max_size=40),
    st.integers(1, 7),
)
def test_runs_are_those_of_a_loop_also_in_batches_and_out_of_order(looks, batch):
    looks = sorted({(clip, time): (clip, time, s) for clip, time, s in looks}.values())
    looks = [(clip, float(time), float(s)) for clip, time, s in looks]
    whole = runs_of(*zip(*looks, strict=True)) if looks else runs_of([], [])
    parts = [
        joined(whole.taken(np.arange(n, min(n + batch, len(looks)))))
        for n in range(0, len(looks), batch)
    ]
    found = joined(sorted_by_time(concatenated([*parts[::-1], runs_of([], [])])))
    columns = (found.clip, found.begin_s, found.last_s, found.looks, found.row)
    assert list(zip(*(c.tolist() for c in columns), strict=True)) == plain(looks, 1.0)


def test_one_look_that_does_not_hold_is_bridged_and_two_are_not():
    found = joined(runs_of([0] * 4, [3, 5, 8, 9]))
    assert found.begin_s.tolist() == [3, 8]
    assert found.end_s.tolist() == [6, 10]
    assert found.looks.tolist() == [2, 2]


@pytest.mark.parametrize("look_s", [1.0, 1 / 30, 0.4])
def test_a_run_lasts_until_the_next_look_would_come(look_s):
    spacing = float(np.float32(look_s))  # as the table has it
    found = joined(runs_of([0] * 5, [k * look_s for k in range(5)], look_s=spacing))
    assert len(lasting(found, 5 * look_s)) == 1
    assert len(lasting(found, 5.1 * look_s)) == 0


def test_what_is_no_number_is_never_the_strongest():
    found = joined(runs_of([0] * 3, [0, 1, 2], [float("nan"), 0.2, float("nan")]))
    assert found.row.tolist() == [1]
    assert joined(runs_of([0], [0], [float("nan")])).row.tolist() == [0]


def test_the_strongest_looks_take_their_neighbours_as_far_as_these_are_nearly_as_strong():
    strength = [0.1, 0.92, 0.95, 0.93, 0.3, 0.94, 0.5]
    looks = runs_of([0] * 7, range(7), strength)
    found = strongest_runs(looks, 3, drop=0.05)
    assert found.begin_s.tolist() == [1, 5, 6]
    assert found.looks.tolist() == [3, 1, 1]
    assert found.row.tolist() == [2, 5, 6]
    assert len(strongest_runs(looks.taken(np.arange(0)), 3, drop=0.05)) == 0
