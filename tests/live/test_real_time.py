"""The scripted camera on the real clock, in real threads: what simulated time cannot show."""

import threading
import time
from itertools import pairwise

import pytest
from live.simulated_camera import World, between, number_of, watched
from live.soak import RealTime
from support import eventually

from livecam.settings.schema import CameraSettings
from livecam.sources.camera.driver import camera

ANSWER_S = 1.0


@pytest.fixture
def world():
    return World(RealTime())


def source_of(world, **asked):
    return camera("0", CameraSettings(**asked), driver=world.open)


def test_every_picture_of_a_healthy_camera_is_new_and_fresh(world):
    with source_of(world) as source:
        seen = watched(source, world, 2.0)
    numbers = [number_of(frame.bgr) for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(numbers))
    dropped = seen.frames[-1][1].drops.total - seen.frames[0][1].drops.total
    given = [number for number in world.given if numbers[0] <= number <= numbers[-1]]
    assert len(numbers) + dropped == len(given)
    assert not seen.lost


@pytest.mark.parametrize("what", ["fails", "raises", "gone", "small"])
def test_a_short_fault_is_over_soon(world, what):
    world.behaviour = between(0.5, 1.6, what)
    with source_of(world) as source:
        seen = watched(source, world, 3.5)
    assert bool(seen.lost) == (what != "small")
    assert seen.frames[-1][0] > 3.4 - ANSWER_S
    assert seen.frames[-1][1].bgr.shape == (48, 64, 3)
    eventually(lambda: world.released == world.opened)


def test_a_driver_that_blocks_keeps_nobody_waiting(world):
    world.behaviour = lambda since_s: "blocks" if since_s > 0.5 else "ok"
    with source_of(world) as source:
        seen = watched(source, world, 3.5)
        left_s = time.perf_counter()
    assert time.perf_counter() - left_s < ANSWER_S
    moments = [at for at, _ in seen.items]
    assert max(later - earlier for earlier, later in pairwise(moments)) < ANSWER_S
    assert any("gives no picture" in waiting.reason for _, waiting in seen.lost)


def test_leaving_lets_the_camera_and_its_thread_go(world):
    before = set(threading.enumerate())
    with source_of(world) as source:
        watched(source, world, 0.3)
    for thread in set(threading.enumerate()) - before:  # those of this test: it has let go
        thread.join(ANSWER_S)
        assert not thread.is_alive()
    assert world.released == 1
