"""A driver that fails in a way that nobody expects: the camera is opened again."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from livecam.core.types import Frame
from livecam.errors import SourceLostError
from livecam.sources.live.clock_and_threads import ClockAndThreads
from livecam.sources.watched.source_state import SourceState, WatchOptions, WatchSetup
from livecam.sources.watched.wall_clocks import ClipWallClock
from livecam.sources.watched.watched_live import AGAIN_AFTER_S, WatchedLive

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


class FailingCamera:
    """Opens, or does not, and fails after so many pictures, once for each number given."""

    title, rate, is_live = "camera 0", 30.0, True

    def __init__(self, *, opens: bool, gives: list[int]) -> None:
        self.opened, self._opens, self._gives = 0, opens, gives

    def on_progress(self, callback) -> None:
        pass

    def __enter__(self):
        self.opened += 1
        if not self._opens:
            raise ValueError("no such mode")
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self):
        pictures = self._gives.pop(0)
        for index in range(pictures):
            bgr = np.full((48, 64, 3), 40 * self.opened + index, np.uint8)
            yield Frame(bgr, index, index / 30, captured_s=100.0 * self.opened + index)
        if self._gives:
            raise RuntimeError("deque mutated during iteration")


def watched(camera, slept):
    """Opened in this thread: it has come to its end."""
    system = ClockAndThreads(lambda: 0.0, slept.append, start_thread=lambda run: run())
    setup = WatchSetup(WatchOptions(look_every_s=0.0), lambda *_: None, system=system)
    state = SourceState(setup, ClipWallClock(NOON), lambda: 0.0)
    source = WatchedLive(camera, state, system, 0.0)
    source.open()
    return source


def test_a_camera_that_was_open_is_opened_again():
    camera, slept = FailingCamera(opens=True, gives=[2, 1, 3]), []
    source = watched(camera, slept)
    assert camera.opened == 3
    assert slept == [AGAIN_AFTER_S] * 2
    look = source.next_look()  # the newest one, of the last time
    assert look.frame[0, 0, 0] == 40 * 3 + 2
    assert source.next_look() is None
    assert source.is_over


def test_one_that_never_opened_is_refused():
    camera, slept = FailingCamera(opens=False, gives=[1]), []
    source = watched(camera, slept)
    with pytest.raises(SourceLostError, match=r"camera 0 failed \(no such mode\)"):
        source.next_look()
    assert (camera.opened, slept) == (1, [])
