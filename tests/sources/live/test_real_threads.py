"""The simulated camera with the real clock and real threads: what simulated time cannot show."""

import threading
import time
from itertools import pairwise

import pytest
from sources.live.simulated_camera import SimulatedCamera, during, picture_number, consume
from sources.live.soak import RealTime
from support import eventually

from livecam.settings.schema import CameraSettings
from livecam.sources.camera.camera_source import create_camera_source

ANSWER_S = 1.7


@pytest.fixture
def camera():
    return SimulatedCamera(RealTime())


def source_of(camera, **asked):
    return create_camera_source("0", CameraSettings(**asked), open_driver=camera.open)


def test_every_picture_of_a_healthy_camera_is_new_and_fresh(camera):
    with source_of(camera) as source:
        seen = consume(source, camera, 2.0)
    numbers = [picture_number(frame.bgr) for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(numbers))
    dropped = seen.frames[-1][1].drops.total - seen.frames[0][1].drops.total
    given = [number for number in camera.given_numbers if numbers[0] <= number <= numbers[-1]]
    assert len(numbers) + dropped == len(given)
    assert not seen.lost


@pytest.mark.parametrize("what", ["fails", "raises", "gone", "small"])
def test_a_short_fault_is_over_soon(camera, what):
    camera.behaviour = during(0.5, 1.6, what)
    with source_of(camera) as source:
        seen = consume(source, camera, 3.5)
    assert bool(seen.lost) == (what != "small")
    assert seen.frames[-1][0] > 3.4 - ANSWER_S
    assert seen.frames[-1][1].bgr.shape == (48, 64, 3)
    eventually(lambda: camera.released == camera.opened)


def test_a_driver_that_blocks_does_not_block_the_consumer(camera):
    camera.behaviour = lambda since_s: "blocks" if since_s > 0.5 else "ok"
    with source_of(camera) as source:
        seen = consume(source, camera, 3.5)
        left_s = time.perf_counter()
    assert time.perf_counter() - left_s < ANSWER_S
    moments = [at for at, _ in seen.items]
    assert max(later - earlier for earlier, later in pairwise(moments)) < ANSWER_S
    assert any("gives no picture" in waiting.reason for _, waiting in seen.lost)


def test_closing_ends_the_thread_and_releases_the_camera(camera):
    before = set(threading.enumerate())
    with source_of(camera) as source:
        consume(source, camera, 0.3)
    for thread in set(threading.enumerate()) - before:  # those of this test: it has let go
        thread.join(ANSWER_S)
        assert not thread.is_alive()
    assert camera.released == 1
