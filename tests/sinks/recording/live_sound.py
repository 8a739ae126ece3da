"""Sound as a microphone would give it, and recordings of it: a click and a flash each second."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from annotated_frames import RECORDING, annotated_frame_of
from support import picture

import av
from livecam.core.live_sound import SoundSamples

CLICK_S = 0.01
FLASH = 230


class FakeSound:
    """A core.live_sound.LiveSound; a click begins at every whole second of the program's clock.

    Attributes:
        known_until_s: may be set; infinite from the beginning.
        waits: how often it was waited for.
        comes_late: whether it comes where it is waited for.
    """

    title, channels, level = "fake", 1, 0.25

    def __init__(self, rate=48_000, channels=1, hum=0):
        self.hum, self.rate, self.channels = hum, rate, channels
        self.known_until_s = float("inf")
        self.waits, self.comes_late = 0, True

    def read(self, begin, end):
        times_s = np.arange(begin, end) / self.rate
        loudness = np.where(times_s % 1.0 < CLICK_S, 16_000, self.hum)
        loudness = np.where(times_s < self.known_until_s, loudness, 0)
        samples = (loudness * np.sin(2 * np.pi * 1000 * times_s)).astype(np.int16)
        return SoundSamples(np.repeat(samples[:, None], self.channels, 1))

    def wait_until_known(self, until_s, timeout_s):
        self.waits += 1
        if self.comes_late:
            self.known_until_s = max(self.known_until_s, until_s)


def camera_frame(number, *, began_s=1000.5, delay_s=0.03, view=RECORDING, rate=30.0, **status):
    """A frame of a camera, white for two frames from every whole second of the clock on."""
    captured_s = began_s + number / rate
    value = FLASH if (captured_s + 1e-6) % 1.0 < 2 / rate - 1e-6 else 40
    annotated = annotated_frame_of(picture(value=value), number, number / rate, view=view)
    frame = replace(annotated.frame, captured_s=captured_s - delay_s + 0.03)
    return replace(annotated, frame=frame, status=replace(annotated.status, **status))


def flashes_s(path):
    """When the pictures of a recording become white, in seconds."""
    with av.open(str(path)) as container:
        levels = [
            (frame.time, frame.to_ndarray(format="gray").mean())
            for frame in container.decode(video=0)
        ]
    levels = [(0.0, 0.0), *levels]
    return [at_s for (_, one), (at_s, other) in pairwise(levels) if one < 130 < other]


def clicks_s(path):
    """When clicks begin in the sound of a recording, in seconds."""
    rate, samples = sound_of(path)
    loud = np.flatnonzero(abs(samples) > 0.15)
    return list(loud[np.diff(loud, prepend=-rate) > rate / 4] / rate)


def sound_of(path):
    """Rate and samples from time 0 on, of the first channel; gaps are 0."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = list(container.decode(stream))
        rate = stream.rate
    end_s = frames[-1].time + frames[-1].samples / rate
    samples = np.zeros(round(end_s * rate) + 1)
    for frame in frames:
        begin = round(frame.time * rate)
        samples[begin : begin + frame.samples] = frame.to_ndarray()[0][: len(samples) - begin]
    return rate, samples
