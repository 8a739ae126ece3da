"""Cameras that lag, freeze, vanish and come back, in simulated time: minutes take milliseconds."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from live.simulated import ages_s, between, noise, number_of, watched

from livecam.errors import SourceError, SourceLostError
from livecam.sources.live.link import Grab, LinkOverError
from livecam.sources.live.source import Live
from livecam.values import Frame, Waiting


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


@pytest.mark.parametrize(
    ("what", "noticed_s", "words"),
    [
        ("fails", 0.6, "every read fails"),
        ("raises", 0.6, "every read fails"),
        ("blocks", 2.1, "gives no picture"),
        ("repeats", 5.1, "the very same picture"),
    ],
)
def test_a_loss_is_noticed_told_and_over_when_pictures_come_again(world, what, noticed_s, words):
    world.behaviour = between(3.0, 20.0, what)
    with world.source() as source:
        seen = watched(source, world, 40.0)
    first_s, first = seen.lost[0]
    assert 3.0 <= first_s <= 3.0 + noticed_s
    assert words in first.reason
    assert first.reason.startswith("camera 0 ")
    # It waits as long as it has been waiting, and begins with the last good picture.
    assert first.waited_s == pytest.approx(first_s - 3.0, abs=0.1)
    waits_s = [waiting.waited_s for _, waiting in seen.lost]
    if what != "repeats":  # opened again, that one gives one other picture each time
        assert waits_s == sorted(waits_s)
    # It is back with one try after the end, and goes on well.
    back_s = min(at for at, _ in seen.frames if at > seen.lost[-1][0])
    assert 19.7 <= back_s <= 20.0 + 5.0 + 3.1
    assert all(at < back_s for at, _ in seen.lost)
    assert seen.frames[-1][0] >= 39.9
    indices = [frame.index for _, frame in seen.frames]
    assert indices == list(range(len(indices)))
    times_s = [frame.time_s for _, frame in seen.frames]
    assert all(later > earlier for earlier, later in pairwise(times_s))
    # The source's own time goes on while it is away.
    assert times_s[-1] == pytest.approx(seen.frames[-1][0] - seen.frames[0][0], abs=0.05)


def test_it_is_opened_again_after_half_a_second_one_two_four_and_then_every_five(world):
    world.behaviour = between(10.0, 60.0, "gone")
    with world.source() as source:
        seen = watched(source, world, 70.0)
    lost_s = seen.lost[0][0]
    tries_s = np.array(world.opened_at_s[1:]) - lost_s
    expected = np.cumsum([0.5, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5])[: len(tries_s)]
    assert tries_s == pytest.approx(expected, abs=0.06 * len(expected))
    assert len(tries_s) >= 12
    tells = [waiting.next_try_s for _, waiting in seen.lost]
    assert max(t for t in tells if t is not None) == pytest.approx(5.0, abs=0.06)
    assert world.released == world.opened


def test_a_driver_that_blocks_for_a_minute_does_not_keep_the_next_try_waiting(world):
    world.behaviour = between(3.0, 4.0, "blocks")  # the read that begins then lasts till 63
    with world.source() as source:
        seen = watched(source, world, 30.0)
        assert world.opened == 2
        back_s = min(at for at, _ in seen.frames if at > seen.lost[-1][0])
        assert back_s < 10.0
        more = watched(source, world, 100.0)
    # What the blocked read brings in the end is of the past: it is thrown away, its driver closed.
    assert not more.lost
    assert max(ages_s(more, world)) < 0.1
    assert world.released == 2
    assert world.reads_elsewhere == 0


@pytest.mark.parametrize("block_s", [10.0, 60.0])
def test_a_camera_that_promises_mjpg_and_gives_none_is_found_again(world, block_s):
    """V4L2 lets a read that gets nothing wait ten seconds; others wait longer."""
    world.behaviour = between(100.0, 105.0, "gone")
    first, compressed = world.open, []

    def opened(device, backend):
        driver = first(device, backend)
        mjpg = float(cv2.VideoWriter.fourcc(*"MJPG"))
        give, is_mjpg = driver.read, []

        def put(prop, value):
            is_mjpg.extend([1] * (prop == cv2.CAP_PROP_FOURCC and value == mjpg))
            return True

        def read():
            if is_mjpg:
                compressed.append(world.time.now_s)
                world.time.sleep(block_s)
                return False, None
            return give()

        driver.set, driver.read = put, read
        return driver

    world.open = opened
    with world.source(size="1280x720") as source:
        seen = watched(source, world, 120.0)
        assert "MJPG gave nothing" in source.told
    back_s = min(at for at, _ in seen.frames if at > 105.0)
    assert back_s < 105.0 + 5.0 + 0.5
    assert len(compressed) == 1


def test_what_goes_on_is_told_until_the_next_try(world):
    """Never "next try in 0 s" for seconds."""
    world.behaviour = between(3.0, 90.0, "blocks")
    with world.source() as source:
        seen = watched(source, world, 60.0)
    tells = [waiting for _, waiting in seen.lost]
    assert {waiting.doing for waiting in tells} == {
        "",
        "it hangs in its driver or in the network",
        "opening it again",
    }
    assert all((waiting.next_try_s is None) == bool(waiting.doing) for waiting in tells)
    assert all(waiting.next_try_s is None or waiting.next_try_s > 0 for waiting in tells)


def test_few_drivers_may_hang_at_once_however_long_it_takes(world):
    """Three at most; but as many as that are tried, for another try may well succeed."""
    world.behaviour = lambda now_s: "blocks" if now_s > 3.0 else "ok"
    hanging = set()
    with world.source() as source:
        for _ in source:
            hanging.add(sum(thread.is_alive() for thread in world.time.threads))
            if world.time.now_s - world.began_s > 300.0:
                break
    assert max(hanging) == 3


def test_giving_up_ends_with_what_was_the_matter(world):
    world.behaviour = lambda now_s: "gone" if now_s > 3.0 else "ok"
    with (
        world.source(give_up=12.0) as source,
        pytest.raises(SourceLostError, match=r"camera 0 .* for 12 s: ") as caught,
    ):
        watched(source, world, 100.0)
    assert caught.value.exit_code == 4
    assert world.time.now_s - world.began_s == pytest.approx(3.0 + 12.0, abs=0.5)


def test_giving_up_at_once_is_possible(world):
    world.behaviour = lambda now_s: "fails" if now_s > 3.0 else "ok"
    with world.source(give_up=0.0) as source, pytest.raises(SourceLostError):
        watched(source, world, 100.0)
    assert world.time.now_s - world.began_s < 4.0


def test_a_camera_may_come_back_with_another_size(world):
    def behaviour(now_s):
        return "ok" if now_s < 3 else "gone" if now_s < 5 else "small"

    world.behaviour = behaviour
    with world.source() as source:
        seen = watched(source, world, 15.0)
    assert seen.frames[0][1].bgr.shape == (48, 64, 3)
    assert seen.frames[-1][1].bgr.shape == (24, 32, 3)


def test_a_still_scene_is_believed_when_it_is_the_same_after_opening_again(world):
    """A picture from a file through a virtual camera does not change: it is not lost for ever."""
    still = lambda now_s: "repeats"  # noqa: E731
    world.behaviour = still
    first = world.open
    frozen = {}

    def opened(device, backend):
        driver = first(device, backend)
        driver.frozen = frozen.setdefault("picture", np.full((48, 64, 3), 7, np.uint8))
        return driver

    world.open = opened
    with world.source() as source:
        seen = watched(source, world, 60.0)
    assert world.opened == 2
    assert len(seen.lost) > 0
    assert seen.lost[-1][0] < 8.0
    assert len(seen.frames) > 1000
    assert seen.frames[-1][1].drops.repeated == pytest.approx(5 * 30, abs=5)
    # It is not said to be back: that nobody knows.
    assert [frame.is_still for at, frame in seen.frames if at > seen.lost[-1][0]][:2] == [
        True, False,
    ]  # fmt: skip


def test_a_camera_that_moves_again_after_it_was_frozen_is_back(world):
    world.behaviour = between(3.0, 8.2, "repeats")
    with world.source() as source:
        seen = watched(source, world, 20.0)
    assert seen.lost
    assert not any(frame.is_still for _, frame in seen.frames)


def test_single_failed_reads_are_no_loss(world):
    world.behaviour = lambda now_s: "fails" if int(now_s * 30) % 7 == 0 else "ok"
    with world.source() as source:
        seen = watched(source, world, 20.0)
    assert not seen.lost
    assert seen.frames[-1][1].drops.damaged > 50


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


def test_who_was_away_does_not_call_the_camera_lost(world):
    """A suspended program, or a long pause: nothing could be seen in the meantime."""
    with world.source() as source:
        watched(source, world, 3.0)
        world.time.sleep(100.0)
        seen = watched(source, world, 110.0)
    assert not seen.lost
    assert max(ages_s(seen, world)) < 0.1


def test_a_source_of_one_picture_in_three_seconds_is_not_lost(world):
    world.rate = 1 / 3
    with world.source() as source:
        seen = watched(source, world, 120.0)
    assert not [w for at, w in seen.lost if at > 20.0]
    assert len(seen.frames) > 30


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

    def attend(waiting: Waiting):
        told.append((world.time.now_s - world.began_s, waiting))
        if world.time.now_s - world.began_s >= 5.0:
            raise EnoughError

    source = world.source()
    source.attend(attend)
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
    assert not any(thread.is_alive() for thread in world.time.threads)


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

    def attend(_):
        world.time.sleep(0.06)
        raise EnoughError

    source = Live("x", opened, times=world.time.times)
    source.attend(attend)
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
