"""Opening and closing of cameras and streams, in simulated time: minutes take milliseconds."""

from itertools import pairwise

import pytest
from sources.live.simulated_camera import during, numbered_picture, picture_number, consume

from livecam.errors import SourceError, SourceLostError
from livecam.sources.live.connection import CapturedPicture, ConnectionLostError
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions
from livecam.core.types import Waiting


def test_a_camera_that_is_not_there_does_not_open(camera):
    camera.behaviour = lambda _: "gone"
    with pytest.raises(SourceError, match="camera 0 did not open") as caught:
        camera.source().__enter__()
    assert caught.value.exit_code == 3
    assert camera.released == camera.opened == 1


@pytest.mark.parametrize("what", ["fails", "blocks"])
def test_a_camera_that_opens_and_never_gives_a_picture_did_not_open(camera, what):
    camera.behaviour = lambda now_s: what if now_s > 0.01 else "ok"
    with pytest.raises(SourceError, match="camera 0 opened, but gives no picture"):
        camera.source().__enter__()
    assert camera.time.now_s - camera.started_s < 11.0


@pytest.mark.parametrize(("give_up", "after_s"), [(12.0, 12.0), (0.0, 5.0)])
def test_giving_up_counts_from_the_first_opening(camera, give_up, after_s):
    camera.behaviour = during(0.0, 600.0, "blocks")
    with pytest.raises(SourceError, match=f"camera 0 did not open in {after_s:.0f} s: ") as caught:
        camera.source(give_up=give_up).__enter__()
    assert caught.value.exit_code == 3
    assert camera.time.now_s - camera.started_s == pytest.approx(after_s, abs=0.7)


def test_progress_of_opening_is_reported_twenty_times_a_second_and_may_be_interrupted(camera):
    camera.behaviour = during(0.0, 60.0, "blocks")
    reported = []

    class InterruptedOpeningError(Exception):
        pass

    def on_progress(waiting: Waiting):
        reported.append((camera.time.now_s - camera.started_s, waiting))
        if camera.time.now_s - camera.started_s >= 5.0:
            raise InterruptedOpeningError

    source = camera.source()
    source.on_progress(on_progress)
    with pytest.raises(InterruptedOpeningError):
        source.__enter__()
    assert camera.time.now_s - camera.started_s < 6.0
    assert max(later - earlier for (earlier, _), (later, _) in pairwise(reported)) <= 0.051
    assert reported[-1][1].reason == "opening camera 0"
    assert reported[-1][1].waited_s == pytest.approx(5.0, abs=0.06)


def test_closing_does_not_wait_for_a_driver_that_blocks(camera):
    camera.behaviour = lambda now_s: "blocks" if now_s > 3.0 else "ok"
    with camera.source() as source:
        consume(source, camera, 6.0)
        left_s = camera.time.now_s
    assert camera.time.now_s - left_s <= 0.6


def test_closing_releases_a_working_camera_before_it_returns(camera):
    with camera.source() as source:
        consume(source, camera, 1.0)
    assert camera.released == 1
    for thread in camera.time.threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_source_can_be_opened_again_after_it_was_closed(camera):
    """The second time is like the first, whatever happened then, and how long it is ago."""
    camera.behaviour = during(1.0, 10.0, "gone")
    source = camera.source()
    with source:
        assert consume(source, camera, 5.0).lost
    camera.time.sleep(60.0)
    with source:
        seen = consume(source, camera, 66.0)
    assert not seen.lost
    times_s = [frame.time_s for _, frame in seen.frames]
    assert times_s[0] == 0.0
    assert times_s[1] == pytest.approx(1 / 30, abs=0.001)
    assert times_s[-1] == pytest.approx(seen.frames[-1][0] - seen.frames[0][0], abs=0.05)
    assert [frame.index for _, frame in seen.frames] == list(range(len(times_s)))
    assert seen.frames[-1][1].drops.total == 0
    assert camera.released == camera.opened


class FakeFile:
    """A connection to a file; counts how many of it are open."""

    open_now = 0
    is_finite, rate, negotiated, frame_count = True, 30.0, "", 3

    def __init__(self):
        FakeFile.open_now += 1

    def read(self):
        raise AssertionError

    def frames(self):
        yield from ()

    def close(self):
        FakeFile.open_now -= 1


def test_a_stream_that_comes_back_as_a_file_leaves_nothing_open(camera):
    FakeFile.open_now = 0

    class Once:
        is_finite, rate, negotiated, count = False, 30.0, "", 0

        def read(self):
            self.count += 1
            if self.count > 10:
                raise ConnectionLostError("was lost")
            camera.time.sleep(1 / 30)
            return CapturedPicture(lambda: numbered_picture(self.count))

        def close(self):
            pass

    connections = [Once()]
    source = LiveSource(
        "x",
        lambda: connections.pop() if connections else FakeFile(),
        ReadingOptions(give_up_s=30.0),
        system=camera.time.clock_and_threads,
    )
    with source, pytest.raises(SourceLostError, match="is a file now"):
        consume(source, camera, 100.0)
    assert FakeFile.open_now == 0
    assert source.is_live


def test_a_file_that_opens_just_as_opening_is_interrupted_is_closed(camera):
    FakeFile.open_now = 0

    class InterruptedOpeningError(Exception):
        pass

    def opened():
        camera.time.sleep(0.04)
        return FakeFile()

    def on_progress(_):
        camera.time.sleep(0.06)
        raise InterruptedOpeningError

    source = LiveSource("x", opened, system=camera.time.clock_and_threads)
    source.on_progress(on_progress)
    with pytest.raises(InterruptedOpeningError):
        source.__enter__()
    assert FakeFile.open_now == 0


def test_a_picture_that_arrives_after_its_connection_was_given_up_is_not_shown(camera):
    """Given up between its coming and its being unpacked: the window is narrow, and there."""
    gave = []

    class Late:
        is_finite, rate, negotiated = False, 30.0, ""

        def __init__(self):
            self.is_first = not gave
            gave.append(self)
            self.count = 0

        def read(self):
            self.count += 1
            camera.time.sleep(1 / 30)
            if self.is_first and self.count > 10:
                return CapturedPicture(self.unpacked)
            return CapturedPicture(lambda: numbered_picture(len(gave) * 1000 + self.count))

        def unpacked(self):
            camera.time.sleep(2.2)  # lost meanwhile
            return numbered_picture(7)

        def close(self):
            pass

    with LiveSource(
        "x", Late, ReadingOptions(every_frame=True), system=camera.time.clock_and_threads
    ) as source:
        seen = consume(source, camera, 6.0)
    assert len(gave) > 1
    assert 7 not in [picture_number(frame.bgr) for _, frame in seen.frames]
