"""The first opening, in simulated time: a camera that is not there yet is waited for."""

import pytest
from sources.live.simulated_camera import numbered_picture

from livecam.core.types import Waiting
from livecam.errors import SourceError
from livecam.sources.live.connection import CapturedPicture, SourceAbsentError
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions

REFUSED = SourceAbsentError("rtsp://eye did not open (connection refused)", "connection refused")
NO_PASSWORD = SourceError("rtsp://eye did not open (401 unauthorized)")


class LateCamera:
    """A network camera that is switched on after some time; counts the tries before it."""

    is_finite, rate, negotiated, frame_count = False, 30.0, "", 0

    def __init__(self, camera, there_from_s, answer=None, *, is_finite=False):
        self.camera, self.there_from_s, self.answer = camera, there_from_s, answer
        self.is_finite = is_finite
        self.tried_at_s = []
        self.number = 0

    @property
    def now_s(self):
        return self.camera.time.now_s - self.camera.started_s

    def __call__(self):
        self.tried_at_s.append(round(self.now_s, 1))
        if self.now_s < self.there_from_s:
            raise REFUSED
        if self.answer is not None:
            raise self.answer
        return self

    def read(self):
        self.camera.time.sleep(1 / 30)
        self.number += 1
        number = self.number
        return CapturedPicture(lambda: numbered_picture(number))

    def frames(self):
        yield from ()

    def close(self):
        pass

    def source(self, give_up_s=None):
        options = ReadingOptions(give_up_s=give_up_s)
        return LiveSource("rtsp://eye", self, options, system=self.camera.time.clock_and_threads)


def test_a_camera_that_is_not_there_yet_is_waited_for_as_a_lost_one(camera):
    late, told = LateCamera(camera, 20.0), []
    source = late.source()
    source.on_progress(told.append)
    with source:
        assert late.tried_at_s == pytest.approx([0, 0.5, 1.5, 3.5, 7.5, 12.5, 17.5, 22.5], abs=0.5)
        items = iter(source)
        seen = [next(items) for _ in range(5)]
    assert seen[0].index == 0
    assert not any(isinstance(item, Waiting) and item.reason for item in seen)
    lost = [waiting for waiting in told if waiting.next_try_s is not None]
    assert {waiting.reason for waiting in lost} == {"rtsp://eye does not open (connection refused)"}
    assert lost[-1].waited_s == pytest.approx(22.5, abs=1.0)


@pytest.mark.parametrize("give_up_s", [3.0, 12.0])
def test_giving_up_counts_from_the_beginning(camera, give_up_s):
    late = LateCamera(camera, 600.0)
    words = rf"rtsp://eye did not open in {give_up_s:.0f} s \(connection refused\): "
    with pytest.raises(SourceError, match=words) as caught:
        late.source(give_up_s).__enter__()
    assert caught.value.exit_code == 3
    assert late.now_s == pytest.approx(give_up_s, abs=0.6)


def test_who_does_not_want_to_wait_is_told_at_once(camera):
    with pytest.raises(SourceError) as caught:
        LateCamera(camera, 600.0).source(0.0).__enter__()
    assert caught.value is REFUSED


@pytest.mark.parametrize("from_s", [0.0, 5.0])
def test_a_refused_password_ends_at_once_also_after_a_wait(camera, from_s):
    late = LateCamera(camera, from_s, NO_PASSWORD)
    with pytest.raises(SourceError) as caught:
        late.source().__enter__()
    assert caught.value is NO_PASSWORD
    assert late.now_s <= from_s + 4.0


def test_what_is_waited_for_may_be_a_file(camera):
    with LateCamera(camera, 5.0, is_finite=True).source() as source:
        assert not source.is_live


def test_the_time_of_the_wait_does_not_count_for_a_later_loss(camera):
    """The first picture ends it: giving up counts anew."""
    late = LateCamera(camera, 7.0)
    with late.source(10.0) as source:
        camera.time.sleep(5.0)  # the model is loaded
        items = iter(source)
        for _ in range(100):
            assert not getattr(next(items), "reason", "")
