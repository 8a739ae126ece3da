"""Drops pictures that arrive late or repeat the one before, and measures what arrives."""

from statistics import median

import numpy as np

from livecam.core.timing import RateMeter
from livecam.core.types import BgrImage
from livecam.sources.live.connection import CapturedPicture
from livecam.sources.live.delay import STALE_S, DelayEstimator
from livecam.sources.live.frame_slot import ReceivedPicture
from livecam.sources.live.watchdog import Observations

INTERVALS = 5


class PictureFilter:
    """Sees every picture of one connection, in order; used in the reader thread.

    Attributes:
        last: the last picture that passed; at first that of the connection before.
        rate: pictures per second that passed; None where unknown.
        stale: how many were dropped because they came late.
        repeated: how many were dropped because they repeat the one before.
    """

    def __init__(self, *, every_frame: bool, last: BgrImage | None) -> None:
        """`every_frame`: nothing is dropped. `last`: the last picture of the connection before."""
        self._every_frame = every_frame
        self.last = last
        self.rate: float | None = None
        self.stale = self.repeated = 0
        self._rate_meter = RateMeter()
        self._delay = DelayEstimator()
        self._intervals_s: tuple[float, ...] = ()  # the watchdog reads it in its own thread
        self._arrived_s: float | None = None
        self._changed_s: float | None = None
        self._may_pause_s = 0.0
        self._is_still_scene = False

    def accept(self, captured: CapturedPicture, now_s: float) -> ReceivedPicture | None:
        """The picture, converted; None where it is dropped and counted."""
        self.stale += captured.left_out
        if self._arrived_s is not None:
            self._intervals_s = (*self._intervals_s, now_s - self._arrived_s)[-INTERVALS:]
        self._arrived_s, self._may_pause_s = now_s, captured.may_pause_s
        late_s = 0.0
        if captured.timestamp_s is not None:
            late_s = self._delay.excess_s(captured.timestamp_s, now_s, STALE_S)
        if late_s > STALE_S and not self._every_frame:
            self.stale += 1
            return None
        bgr = captured.convert()
        if self._is_repeated(bgr, now_s):
            self.repeated += 1
            return None
        self.last = bgr
        self.rate = self._rate_meter.tick(now_s)
        captured_s = now_s - late_s if captured.captured_s is None else captured.captured_s
        due_s = now_s if captured.due_s is None else captured.due_s
        return ReceivedPicture(bgr, now_s, captured_s, due_s)

    def _is_repeated(self, bgr: BgrImage, now_s: float) -> bool:
        """Whether it is to be dropped as a repetition; notes when the picture changed."""
        if self.last is None or not is_same(bgr, self.last):
            self._is_still_scene, self._changed_s = False, now_s
        elif self._changed_s is None:  # the first one, the same as the connection before gave last
            self._is_still_scene, self._changed_s = True, now_s
        else:
            return not (self._is_still_scene or self._every_frame)
        return False

    def observations(self, opened_s: float) -> Observations:
        """For the watchdog, of a connection that was opened at this time."""
        intervals = self._intervals_s
        usual_s = median(intervals) if intervals else 0.0
        return Observations(
            opened_s,
            self._arrived_s,
            self._changed_s,
            self._is_still_scene,
            usual_s,
            self._may_pause_s,
        )

    def forget_rate(self) -> None:
        """Measure the rate anew: the reader had to wait, so it is not the rate of the source."""
        self._rate_meter.forget()
        self.rate = None


def is_same(one: BgrImage, other: BgrImage) -> bool:
    """Whether two pictures agree in every byte; a few rows tell most of them apart at once."""
    if one.shape != other.shape:
        return False
    return bool(np.array_equal(one[::41], other[::41]) and np.array_equal(one, other))
