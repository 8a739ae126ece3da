"""Cameras whose newest frame is wanted, in simulated time: minutes take milliseconds."""

import weakref
from itertools import pairwise
from threading import Event

import numpy as np
import pytest
from sources.live.simulated_camera import ages_s, consume, during, numbered_picture, picture_number

from livecam.core.types import Frame
from livecam.sources.live.clock_and_threads import ClockAndThreads
from livecam.sources.live.connection import CapturedPicture, ConnectionLostError
from livecam.sources.live.reader_thread import ReaderThread


def test_a_fast_consumer_gets_every_frame_once_and_none_is_dropped(camera):
    with camera.source() as source:
        seen = consume(source, camera, 10.0)
    numbers = [picture_number(frame.bgr) for _, frame in seen.frames]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) == pytest.approx(300, abs=2)
    assert seen.frames[-1][1].drops.total == 0


def test_a_slow_consumer_gets_the_newest_frame_and_the_rest_is_counted(camera):
    with camera.source() as source:
        seen = consume(source, camera, 20.0, work_s=0.21)
    numbers = [picture_number(frame.bgr) for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(numbers))
    last = seen.frames[-1][1]
    assert last.drops.newer == numbers[-1] - numbers[0] + 1 - len(numbers)
    assert last.drops.total == last.drops.newer > 400
    assert np.percentile(list(ages_s(seen, camera)), 95) < 1 / 30 + 0.001


@pytest.mark.parametrize("jitter", [0.3, 0.9])
def test_jitter_changes_nothing(camera, jitter):
    camera.jitter = jitter
    with camera.source() as source:
        seen = consume(source, camera, 30.0, work_s=0.1)
    assert not seen.lost
    assert max(ages_s(seen, camera)) < 2 / 30 + 0.001
    times_s = [frame.time_s for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(times_s))


def test_every_frame_is_given_where_that_is_requested(camera):
    with camera.source(latency="every") as source:
        numbers = []
        for item in source:
            if isinstance(item, Frame):
                numbers.append(picture_number(item.bgr))
                assert item.drops.total == 0
                camera.time.sleep(0.02)
            if len(numbers) == 100:
                break
    assert numbers == list(range(numbers[0], numbers[0] + 100))


def test_a_slow_consumer_of_every_frame_gets_no_rate_of_the_camera(camera):
    """The reader waits for its consumer: the rate of arrival says nothing of the camera."""
    rates = []
    with camera.source(latency="every") as source:
        for item in source:
            if isinstance(item, Frame):
                rates.append(item.source_rate)
                camera.time.sleep(0.1)
            if len(rates) == 60:
                break
    assert rates[-40:] == [None] * 40


def test_the_iteration_never_blocks_for_long(camera):
    camera.rate = 2.0
    camera.behaviour = during(5.0, 70.0, "blocks")
    with camera.source() as source:
        seen = consume(source, camera, 80.0)
    moments = [at for at, _ in seen.items]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= 0.051


def test_repeated_frames_are_dropped_and_counted(camera):
    """A camera that promises 30 and gives each of its 15 pictures twice."""
    first = camera.open

    def opened(device, backend):
        driver = first(device, backend)
        give = driver.read

        def twice():
            _, picture = give()
            number = picture_number(picture)
            return True, np.full_like(picture, number // 2 % 250)

        driver.read = twice
        return driver

    camera.open = opened
    with camera.source() as source:
        seen = consume(source, camera, 10.0)
    values = [int(frame.bgr[0, 0, 0]) for _, frame in seen.frames]
    assert all(later != earlier for earlier, later in pairwise(values))
    assert seen.frames[-1][1].drops.repeated == pytest.approx(150, abs=2)
    assert seen.frames[-1][1].source_rate == pytest.approx(15, abs=0.6)


def test_a_decoded_picture_is_not_kept_until_the_next_one():
    """Its sender may take long, or not send another one at all."""
    converts, alive = [], []

    class Connection:
        is_finite = False

        def read(self):
            alive.append([convert() is not None for convert in converts])
            if len(converts) == 2:
                raise ConnectionLostError("was lost")
            number = len(converts)
            convert = lambda: numbered_picture(number)  # noqa: E731  (it holds the decoded frame)
            converts.append(weakref.ref(convert))
            return CapturedPicture(convert)

        def close(self):
            pass

    system = ClockAndThreads(
        clock=lambda: 0.0, make_event=Event, start_thread=lambda target: target()
    )
    assert ReaderThread(Connection, Event(), system).last_picture is not None
    assert alive == [[], [False], [False, False]]
