"""Cameras and streams that are opened and left, in simulated time: minutes take milliseconds."""

from itertools import pairwise

import pytest
from live.simulated_camera import between, noise, number_of, watched

from livecam.errors import SourceError, SourceLostError
from livecam.sources.live.connection import Grab, LinkOverError
from livecam.sources.live.live_source import Live
from livecam.core.types import Waiting


def test_a_camera_that_is_not_there_does_not_open(world):
    world.behaviour = lambda _: "gone"
    with pytest.raises(SourceError, match="camera 0 did not open") as caught:
        world.source().__enter__()
    assert caught.value.exit_code == 3
    assert world.released == world.opened == 1


@pytest.mark.parametrize("what", ["fails", "blocks"])
def test_a_camera_that_opens_and_never_gives_a_picture_did_not_open(world, what):
    world.behaviour = lambda now_s: what if now_s > 0.01 else "ok"
    with pytest.raises(SourceError, match="camera 0 opened, but gives no picture"):
        world.source().__enter__()
    assert world.time.now_s - world.began_s < 11.0


@pytest.mark.parametrize(("give_up", "after_s"), [(12.0, 12.0), (0.0, 5.0)])
def test_giving_up_counts_from_the_first_opening(world, give_up, after_s):
    world.behaviour = between(0.0, 600.0, "blocks")
    with pytest.raises(SourceError, match=f"camera 0 did not open in {after_s:.0f} s: ") as caught:
        world.source(give_up=give_up).__enter__()
    assert caught.value.exit_code == 3
    assert world.time.now_s - world.began_s == pytest.approx(after_s, abs=0.7)


def test_while_it_opens_somebody_is_told_twenty_times_a_second_and_may_leave(world):
    world.behaviour = between(0.0, 60.0, "blocks")
    told = []

    class EnoughError(Exception):
        pass

    def on_progress(waiting: Waiting):
        told.append((world.time.now_s - world.began_s, waiting))
        if world.time.now_s - world.began_s >= 5.0:
            raise EnoughError

    source = world.source()
    source.on_progress(on_progress)
    with pytest.raises(EnoughError):
        source.__enter__()
    assert world.time.now_s - world.began_s < 6.0
    assert max(later - earlier for (earlier, _), (later, _) in pairwise(told)) <= 0.051
    assert told[-1][1].reason == "opening camera 0"
    assert told[-1][1].waited_s == pytest.approx(5.0, abs=0.06)


def test_leaving_does_not_wait_for_a_driver_that_blocks(world):
    world.behaviour = lambda now_s: "blocks" if now_s > 3.0 else "ok"
    with world.source() as source:
        watched(source, world, 6.0)
        left_s = world.time.now_s
    assert world.time.now_s - left_s <= 0.6


def test_leaving_lets_a_healthy_camera_go_before_it_returns(world):
    with world.source() as source:
        watched(source, world, 1.0)
    assert world.released == 1
    for thread in world.time.threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_source_can_be_opened_again_after_it_was_closed(world):
    """The second time is like the first, whatever happened then, and how long it is ago."""
    world.behaviour = between(1.0, 10.0, "gone")
    source = world.source()
    with source:
        assert watched(source, world, 5.0).lost
    world.time.sleep(60.0)
    with source:
        seen = watched(source, world, 66.0)
    assert not seen.lost
    times_s = [frame.time_s for _, frame in seen.frames]
    assert times_s[0] == 0.0
    assert times_s[1] == pytest.approx(1 / 30, abs=0.001)
    assert times_s[-1] == pytest.approx(seen.frames[-1][0] - seen.frames[0][0], abs=0.05)
    assert [frame.index for _, frame in seen.frames] == list(range(len(times_s)))
    assert seen.frames[-1][1].drops.total == 0
    assert world.released == world.opened


class Ending:
    """A link that is a file; counts how many of it stand open."""

    open_now = 0
    has_end, rate, told, frame_count = True, 30.0, "", 3

    def __init__(self):
        Ending.open_now += 1

    def read(self):
        raise AssertionError

    def frames(self):
        yield from ()

    def close(self):
        Ending.open_now -= 1


def test_a_stream_that_comes_back_as_a_file_leaves_nothing_open(world):
    Ending.open_now = 0

    class Once:
        has_end, rate, told, count = False, 30.0, "", 0

        def read(self):
            self.count += 1
            if self.count > 10:
                raise LinkOverError("was lost")
            world.time.sleep(1 / 30)
            return Grab(lambda: noise(self.count))

        def close(self):
            pass

    links = [Once()]
    source = Live(
        "x", lambda: links.pop() if links else Ending(), give_up_s=30.0, times=world.time.times
    )
    with source, pytest.raises(SourceLostError, match="is a file now"):
        watched(source, world, 100.0)
    assert Ending.open_now == 0
    assert source.is_live


def test_a_file_that_opens_just_when_nobody_wants_it_is_closed(world):
    Ending.open_now = 0

    class EnoughError(Exception):
        pass

    def opened():
        world.time.sleep(0.04)
        return Ending()

    def on_progress(_):
        world.time.sleep(0.06)
        raise EnoughError

    source = Live("x", opened, times=world.time.times)
    source.on_progress(on_progress)
    with pytest.raises(EnoughError):
        source.__enter__()
    assert Ending.open_now == 0


def test_what_a_driver_brings_after_it_was_given_up_is_not_shown(world):
    """Given up between its coming and its being unpacked: the window is narrow, and there."""
    gave = []

    class Late:
        has_end, rate, told = False, 30.0, ""

        def __init__(self):
            self.is_first = not gave
            gave.append(self)
            self.count = 0

        def read(self):
            self.count += 1
            world.time.sleep(1 / 30)
            if self.is_first and self.count > 10:
                return Grab(self.unpacked)
            return Grab(lambda: noise(len(gave) * 1000 + self.count))

        def unpacked(self):
            world.time.sleep(2.2)  # lost meanwhile
            return noise(7)

        def close(self):
            pass

    with Live("x", Late, every=True, times=world.time.times) as source:
        seen = watched(source, world, 6.0)
    assert len(gave) > 1
    assert 7 not in [number_of(frame.bgr) for _, frame in seen.frames]
