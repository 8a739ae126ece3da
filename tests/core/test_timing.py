"""Rates, stages, and looking ahead."""

import pytest
from support import FakeClock, frames_of

from livecam.core.timing import (
    RateMeter,
    StageFigures,
    Stopwatch,
    figures_of,
    limit_of,
    with_next_times,
)
from livecam.core.types import Frame, Waiting


def test_the_rate_counts_intervals_not_stamps():
    meter = RateMeter(window=10)
    assert meter.tick(5.0) is None
    assert [meter.tick(5.0 + i / 25) for i in range(1, 30)] == [pytest.approx(25.0)] * 29


def test_the_rate_forgets_what_lies_outside_of_its_window():
    meter = RateMeter(window=3)
    for now_s in (0.0, 10.0, 10.1, 10.2):
        meter.tick(now_s)
    assert meter.tick(10.3) == pytest.approx(10.0)


def test_the_rate_starts_anew_after_forgetting():
    meter = RateMeter()
    meter.tick(0.0)
    meter.forget()
    assert meter.tick(60.0) is None
    assert meter.tick(60.5) == pytest.approx(2.0)


def test_a_clock_that_stands_still_gives_no_rate():
    meter = RateMeter()
    meter.tick(1.0)
    assert meter.tick(1.0) is None


def test_a_stopwatch_without_a_clock_keeps_nothing():
    watch = Stopwatch()
    with watch.timed("network"):
        assert list(watch.timed_items("decode", "abc")) == ["a", "b", "c"]
    assert watch.seconds == {}


def test_stages_are_timed_and_the_warm_up_is_left_out():
    clock = FakeClock()
    watch = Stopwatch(clock)

    def items():
        for wait_s in [9.0, 9.0, *[0.001 * n for n in range(1, 101)]]:
            clock.sleep(wait_s)
            yield wait_s

    for _ in watch.timed_items("decode", items()):
        with watch.timed("network"):
            clock.sleep(0.005)
    decode, network = figures_of(watch.seconds, warm_up=2)
    assert (decode.stage, network.stage) == ("decode", "network")
    assert decode.median_ms == pytest.approx(50.5)
    assert decode.p95_ms == pytest.approx(95.0, abs=1.0)
    assert network.median_ms == network.p95_ms == pytest.approx(5.0)


def test_a_failing_iterator_and_a_failing_stage_are_not_hidden():
    watch = Stopwatch(FakeClock())

    def items():
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(watch.timed_items("decode", items()))
    with pytest.raises(ValueError, match="here"), watch.timed("heat"):
        raise ValueError("here")
    assert len(watch.seconds["heat"]) == 1


def test_the_limit_is_the_longest_stage_or_that_of_the_busiest_lane():
    stages = {"decode": 3.0, "crop": 1.0, "network": 4.0, "heat": 2.5, "figures": 3.0}
    figures = [StageFigures(stage, ms, ms) for stage, ms in stages.items()]
    assert limit_of(figures, overlapped=False) == "network"
    assert limit_of(figures, overlapped=True) == "figures"  # 2.5 + 3 is more than 1 + 4
    waits = [StageFigures("hand-over", 9.0, 9.0), StageFigures("encode", 8.0, 8.0)]
    assert limit_of([*figures, *waits], overlapped=True) == "encode"
    assert limit_of([], overlapped=True) == ""


def test_waits_are_handed_on_at_once_and_the_frame_before_them_is_not_lost():
    one, two = frames_of(2)
    items = [Waiting(0.0), one, Waiting(0.1), Waiting(0.2), two, Waiting(0.3)]
    given = list(with_next_times(iter(items), look_ahead=True))
    assert [item for item, _ in given if isinstance(item, Frame)] == [one, two]
    assert [next_s for item, next_s in given if item is one] == [two.time_s]
    assert sum(isinstance(item, Waiting) for item, _ in given) == 4
