"""Cameras whose newest frame is wanted, in simulated time: minutes take milliseconds."""

from itertools import pairwise

import numpy as np
import pytest
from live.simulated_camera import ages_s, between, number_of, watched

from livecam.core.types import Frame


def test_a_fast_consumer_gets_every_frame_once_and_none_is_dropped(world):
    with world.source() as source:
        seen = watched(source, world, 10.0)
    numbers = [number_of(frame.bgr) for _, frame in seen.frames]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) == pytest.approx(300, abs=2)
    assert seen.frames[-1][1].drops.total == 0


def test_a_slow_consumer_gets_the_newest_frame_and_the_rest_is_counted(world):
    with world.source() as source:
        seen = watched(source, world, 20.0, work_s=0.21)
    numbers = [number_of(frame.bgr) for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(numbers))
    last = seen.frames[-1][1]
    assert last.drops.newer == numbers[-1] - numbers[0] + 1 - len(numbers)
    assert last.drops.total == last.drops.newer > 400
    assert np.percentile(list(ages_s(seen, world)), 95) < 1 / 30 + 0.001


@pytest.mark.parametrize("jitter", [0.3, 0.9])
def test_jitter_changes_nothing(world, jitter):
    world.jitter = jitter
    with world.source() as source:
        seen = watched(source, world, 30.0, work_s=0.1)
    assert not seen.lost
    assert max(ages_s(seen, world)) < 2 / 30 + 0.001
    times_s = [frame.time_s for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(times_s))


def test_every_frame_is_had_where_that_is_asked_for(world):
    with world.source(latency="every") as source:
        numbers = []
        for item in source:
            if isinstance(item, Frame):
                numbers.append(number_of(item.bgr))
                assert item.drops.total == 0
                world.time.sleep(0.02)
            if len(numbers) == 100:
                break
    assert numbers == list(range(numbers[0], numbers[0] + 100))


def test_who_takes_every_frame_slowly_does_not_blame_the_camera(world):
    """The reader waits for its consumer: what comes in shows nothing of the camera."""
    rates = []
    with world.source(latency="every") as source:
        for item in source:
            if isinstance(item, Frame):
                rates.append(item.source_rate)
                world.time.sleep(0.1)
            if len(rates) == 60:
                break
    assert rates[-40:] == [None] * 40


def test_the_iteration_never_keeps_anybody_waiting(world):
    world.rate = 2.0
    world.behaviour = between(5.0, 70.0, "blocks")
    with world.source() as source:
        seen = watched(source, world, 80.0)
    moments = [at for at, _ in seen.items]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= 0.051


def test_repeated_frames_are_dropped_and_counted(world):
    """A camera that promises 30 and gives each of its 15 pictures twice."""
    first = world.open

    def opened(device, backend):
        driver = first(device, backend)
        give = driver.read

        def twice():
            _, picture = give()
            number = number_of(picture)
            return True, np.full_like(picture, number // 2 % 250)

        driver.read = twice
        return driver

    world.open = opened
    with world.source() as source:
        seen = watched(source, world, 10.0)
    values = [int(frame.bgr[0, 0, 0]) for _, frame in seen.frames]
    assert all(later != earlier for earlier, later in pairwise(values))
    assert seen.frames[-1][1].drops.repeated == pytest.approx(150, abs=2)
    assert seen.frames[-1][1].source_rate == pytest.approx(15, abs=0.6)
