"""A microphone in simulated time that hears a click at every whole second of it."""

import numpy as np

from livecam.core.live_sound import SoundSamples
from livecam.errors import SourceError
from livecam.sources.microphone.device import CapturedSound

CLICK, HUM = 16_000, 100
CLICK_SAMPLES = 8


def heard(begin_s, count, rate, channels=1):
    """What sounds in so many samples of a card of this true rate, which need not be whole."""
    times_s = begin_s + np.arange(count) / rate
    is_click = times_s % 1.0 < CLICK_SAMPLES / rate
    return SoundSamples(
        np.repeat(np.where(is_click, CLICK, HUM).astype(np.int16)[:, None], channels, 1)
    )


def clicks_s(samples, begin_s, rate):
    """When clicks begin in samples, in seconds."""
    loud = np.flatnonzero(abs(samples[:, 0].astype(int)) > CLICK / 4)
    firsts = loud[np.diff(loud, prepend=-rate) > rate / 4]
    return begin_s + firsts / rate


class FakeMicrophone:
    """A device.OpenMicrophone and its device, whose behaviour may be changed while it runs.

    Attributes:
        ppm: so much faster than its rate it runs.
        is_dead: its driver gives nothing.
        is_absent: it does not open.
        hangs: opening never returns.
        is_muted: it hears zeros.
        is_broken: its driver raises an error when it is asked.
    """

    title = "fake"
    is_broken = False

    def __init__(self, time, *, rate=8_000, channels=1, ppm=0.0, block_s=0.05):
        self.time, self.rate, self.channels, self.ppm = time, rate, channels, ppm
        self.block_s = block_s
        self.is_dead = self.is_absent = self.hangs = self.is_muted = self.is_after_loss = False
        self.openings = self.closings = 0
        self._run = 0

    def __call__(self):
        self.openings += 1
        while self.hangs:
            self.time.sleep(1.0)
        if self.is_absent:
            raise SourceError("fake is not attached")
        return self

    @property
    def is_active(self):
        if self.is_broken:
            raise RuntimeError("the driver is in no state to answer")
        return True

    def start(self, take):
        self._run += 1
        run, count = self._run, round(self.block_s * self.rate)
        true_rate = self.rate * (1 + self.ppm * 1e-6)
        began_s, blocks = self.time.now_s, 0

        def give():
            nonlocal blocks
            while run == self._run:
                at_s = began_s + blocks * count / true_rate
                blocks += 1
                self.time.sleep(max(0.0, at_s + count / true_rate - self.time.now_s))
                if self.is_dead or run != self._run:
                    continue
                samples = heard(at_s, count, true_rate, self.channels)
                samples = SoundSamples(samples * 0) if self.is_muted else samples
                take(CapturedSound(samples, at_s, self.is_after_loss))
                self.is_after_loss = False

        self.time.start_thread(give)

    def close(self):
        self._run += 1
        self.closings += 1
