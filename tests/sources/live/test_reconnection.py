"""Cameras that freeze, vanish and come back, in simulated time: minutes take milliseconds."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from sources.live.simulated_camera import ages_s, during, consume

from livecam.errors import SourceLostError


@pytest.mark.parametrize(
    ("what", "detected_s", "words"),
    [
        ("fails", 0.6, "every read fails"),
        ("raises", 0.6, "every read fails"),
        ("blocks", 2.1, "gives no picture"),
        ("repeats", 5.1, "the very same picture"),
    ],
)
def test_a_loss_is_detected_and_reported_until_pictures_arrive_again(
    camera, what, detected_s, words
):
    camera.behaviour = during(3.0, 20.0, what)
    with camera.source() as source:
        seen = consume(source, camera, 40.0)
    first_s, first = seen.lost[0]
    assert 3.0 <= first_s <= 3.0 + detected_s
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


def test_it_is_opened_again_after_half_a_second_one_two_four_and_then_every_five(camera):
    camera.behaviour = during(10.0, 60.0, "gone")
    with camera.source() as source:
        seen = consume(source, camera, 70.0)
    lost_s = seen.lost[0][0]
    tries_s = np.array(camera.opened_at_s[1:]) - lost_s
    expected = np.cumsum([0.5, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5])[: len(tries_s)]
    assert tries_s == pytest.approx(expected, abs=0.06 * len(expected))
    assert len(tries_s) >= 12
    tells = [waiting.next_try_s for _, waiting in seen.lost]
    assert max(t for t in tells if t is not None) == pytest.approx(5.0, abs=0.06)
    assert camera.released == camera.opened


def test_a_driver_that_blocks_for_a_minute_does_not_keep_the_next_try_waiting(camera):
    camera.behaviour = during(3.0, 4.0, "blocks")  # the read that begins then lasts till 63
    with camera.source() as source:
        seen = consume(source, camera, 30.0)
        assert camera.opened == 2
        back_s = min(at for at, _ in seen.frames if at > seen.lost[-1][0])
        assert back_s < 10.0
        more = consume(source, camera, 100.0)
    # What the blocked read brings in the end is of the past: it is thrown away, its driver closed.
    assert not more.lost
    assert max(ages_s(more, camera)) < 0.1
    assert camera.released == 2
    assert camera.reads_in_other_threads == 0


@pytest.mark.parametrize("block_s", [10.0, 60.0])
def test_a_camera_that_claims_mjpg_and_gives_none_is_opened_again(camera, block_s):
    """V4L2 lets a read that gets nothing wait ten seconds; others wait longer."""
    camera.behaviour = during(100.0, 105.0, "gone")
    first, compressed = camera.open, []

    def opened(device, backend):
        driver = first(device, backend)
        mjpg = float(cv2.VideoWriter.fourcc(*"MJPG"))
        give, is_mjpg = driver.read, []

        def put(prop, value):
            is_mjpg.extend([1] * (prop == cv2.CAP_PROP_FOURCC and value == mjpg))
            return True

        def read():
            if is_mjpg:
                compressed.append(camera.time.now_s)
                camera.time.sleep(block_s)
                return False, None
            return give()

        driver.set, driver.read = put, read
        return driver

    camera.open = opened
    with camera.source(size="1280x720") as source:
        seen = consume(source, camera, 120.0)
        assert "no picture with MJPG" in source.negotiated
    back_s = min(at for at, _ in seen.frames if at > 105.0)
    assert back_s < 105.0 + 5.0 + 0.5
    assert len(compressed) == 1


def test_what_is_being_done_is_reported_until_the_next_try(camera):
    """Never "next try in 0 s" for seconds."""
    camera.behaviour = during(3.0, 90.0, "blocks")
    with camera.source() as source:
        seen = consume(source, camera, 60.0)
    tells = [waiting for _, waiting in seen.lost]
    assert {waiting.doing for waiting in tells} == {
        "",
        "it hangs in its driver or in the network",
        "opening it again",
    }
    assert all((waiting.next_try_s is None) == bool(waiting.doing) for waiting in tells)
    assert all(waiting.next_try_s is None or waiting.next_try_s > 0 for waiting in tells)


def test_few_drivers_may_hang_at_once_however_long_it_takes(camera):
    """Three at most; but as many as that are tried, for another try may well succeed."""
    camera.behaviour = lambda now_s: "blocks" if now_s > 3.0 else "ok"
    hanging = set()
    with camera.source() as source:
        for _ in source:
            hanging.add(sum(thread.is_alive() for thread in camera.time.threads))
            if camera.time.now_s - camera.started_s > 300.0:
                break
    assert max(hanging) == 3


def test_giving_up_ends_with_the_reason_of_the_loss(camera):
    camera.behaviour = lambda now_s: "gone" if now_s > 3.0 else "ok"
    with (
        camera.source(give_up=12.0) as source,
        pytest.raises(SourceLostError, match=r"camera 0 .* for 12 s: ") as caught,
    ):
        consume(source, camera, 100.0)
    assert caught.value.exit_code == 4
    assert camera.time.now_s - camera.started_s == pytest.approx(3.0 + 12.0, abs=0.5)


def test_giving_up_at_once_is_possible(camera):
    camera.behaviour = lambda now_s: "fails" if now_s > 3.0 else "ok"
    with camera.source(give_up=0.0) as source, pytest.raises(SourceLostError):
        consume(source, camera, 100.0)
    assert camera.time.now_s - camera.started_s < 4.0


def test_a_camera_may_come_back_with_another_size(camera):
    def behaviour(now_s):
        return "ok" if now_s < 3 else "gone" if now_s < 5 else "small"

    camera.behaviour = behaviour
    with camera.source() as source:
        seen = consume(source, camera, 15.0)
    assert seen.frames[0][1].bgr.shape == (48, 64, 3)
    assert seen.frames[-1][1].bgr.shape == (24, 32, 3)


def test_a_scene_that_is_the_same_after_opening_again_is_taken_for_still(camera):
    """A picture from a file through a virtual camera does not change: it is not lost for ever."""
    still = lambda now_s: "repeats"  # noqa: E731
    camera.behaviour = still
    first = camera.open
    frozen = {}

    def opened(device, backend):
        driver = first(device, backend)
        driver.frozen = frozen.setdefault("picture", np.full((48, 64, 3), 7, np.uint8))
        return driver

    camera.open = opened
    with camera.source() as source:
        seen = consume(source, camera, 60.0)
    assert camera.opened == 2
    assert len(seen.lost) > 0
    assert seen.lost[-1][0] < 8.0
    assert len(seen.frames) > 1000
    assert seen.frames[-1][1].drops.repeated == pytest.approx(5 * 30, abs=5)
    # It is not said to be back: that nobody knows.
    assert [frame.is_still for at, frame in seen.frames if at > seen.lost[-1][0]][:2] == [
        True, False,
    ]  # fmt: skip


def test_a_camera_that_moves_again_after_it_was_frozen_is_back(camera):
    camera.behaviour = during(3.0, 8.2, "repeats")
    with camera.source() as source:
        seen = consume(source, camera, 20.0)
    assert seen.lost
    assert not any(frame.is_still for _, frame in seen.frames)


def test_single_failed_reads_are_no_loss(camera):
    camera.behaviour = lambda now_s: "fails" if int(now_s * 30) % 7 == 0 else "ok"
    with camera.source() as source:
        seen = consume(source, camera, 20.0)
    assert not seen.lost
    assert seen.frames[-1][1].drops.damaged > 50


def test_a_suspended_program_does_not_take_the_camera_for_lost(camera):
    """A suspended program, or a long pause: nothing could be seen in the meantime."""
    with camera.source() as source:
        consume(source, camera, 3.0)
        camera.time.sleep(100.0)
        seen = consume(source, camera, 110.0)
    assert not seen.lost
    assert max(ages_s(seen, camera)) < 0.1


def test_a_source_of_one_picture_in_three_seconds_is_not_lost(camera):
    camera.rate = 1 / 3
    with camera.source() as source:
        seen = consume(source, camera, 120.0)
    assert not [w for at, w in seen.lost if at > 20.0]
    assert len(seen.frames) > 30
