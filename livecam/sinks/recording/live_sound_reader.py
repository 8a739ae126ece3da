"""The sound of a microphone, as packets that accompany the recorded pictures."""

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from livecam.core.live_sound import LiveSound, SoundSamples
from livecam.sinks.recording.sound_encoder import PlacedPacket, SoundEncoder
from livecam.sinks.recording.timestamps import Timeline, seconds_of

LEAD_S = 0.1
"""AAC's packets come so much later than the sound that is in them, at most; at 16 kHz or more."""

MAX_LAG_S = 1.0
"""So long pictures wait for the sound of their moment; then it is silence."""

_BLOCK = 4800


class LiveSoundReader:
    """Encodes the sound of the moments that the recording holds; a sound.RecordedSound."""

    cut_s = 0.0

    def __init__(self, sound: LiveSound) -> None:
        """Open an encoder.

        Raises:
            av.error.FFmpegError, ValueError: it does not open.
        """
        self._sound = sound
        self._encoder = SoundEncoder(sound.rate, sound.channels)
        self.stream: Any = self._encoder.stream
        self._ready: deque[PlacedPacket] = deque()
        self._begin_s: float | None = None
        self._next: int | None = None

    @property
    def losses(self) -> list[str]:
        """Nothing: the microphone says itself what it has lost."""
        return []

    def packets_between(
        self, timeline: Timeline, begin_pts: int, end_pts: int
    ) -> Iterator[PlacedPacket]:
        """The packets before `end_pts` that were not given yet, each with its time in the file.

        Args:
            timeline: of the recording.
            begin_pts: of the first picture of the file; of the first call alone.
            end_pts: up to there, and LEAD_S more, the sound should be known: what is not is silent.
        """
        if self._begin_s is None:
            self._begin_s = seconds_of(begin_pts, timeline.time_base)
        end_s = seconds_of(end_pts, timeline.time_base)
        self._encode_until(timeline, end_s + LEAD_S)
        while self._ready and self._ready[0][1] < end_s:
            packet, at_s = self._ready.popleft()
            if at_s >= self._begin_s:
                yield packet, at_s - self._begin_s

    def begin_again(self) -> None:
        """What comes next goes into another file, whose time begins with the next call."""
        self._begin_s = None

    def close(self) -> None:
        """Close the encoder."""
        self._encoder.close()

    def _encode_until(self, timeline: Timeline, until_s: float) -> None:
        rate = self._sound.rate
        if self._next is None:
            self._next = round((self._begin_s or 0.0) * rate)
        until = round(until_s * rate)
        while self._next < until:
            count = min(_BLOCK, until - self._next)
            frame = self._frame(self._samples(timeline, self._next, count))
            self._ready.extend(self._encoder.encode(frame, self._next / rate))
            self._next += count

    def _samples(self, timeline: Timeline, begin: int, count: int) -> SoundSamples:
        """What sounded at so many moments of the recording; 0 where it holds no sound."""
        rate = self._sound.rate
        found = np.zeros((count, self._sound.channels), np.int16)
        for begin_s, end_s, shift_s in timeline.captured.parts(
            begin / rate, (begin + count) / rate
        ):
            first, last = round(begin_s * rate), round(end_s * rate)
            if shift_s is not None and first < last:
                offset = round(shift_s * rate)
                samples = self._sound.read(first + offset, last + offset)
                found[first - begin : last - begin] = samples
        return SoundSamples(found)

    def _frame(self, samples: SoundSamples) -> "av.AudioFrame":
        layout = "mono" if self._sound.channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.time_base = self._sound.rate, Fraction(1, self._sound.rate)
        return frame


def ready_pts(sound: LiveSound | None, timeline: Timeline, newest_pts: int) -> int:
    """Up to which time stamp pictures and sound can be written together.

    A microphone gives its sound later than a camera its pictures: these wait for a moment, so that
    both of a moment go into the same file.

    Args:
        sound: of the microphone; None without one.
        timeline: of the recording.
        newest_pts: of the newest picture.
    """
    if sound is None:
        return newest_pts
    newest_s = seconds_of(newest_pts, timeline.time_base)
    known_s = timeline.captured.recorded_s(sound.known_until_s) - LEAD_S
    ready_s = min(newest_s, max(known_s, newest_s - MAX_LAG_S))
    return min(newest_pts, int(ready_s / timeline.time_base))


def wait_for_end(sound: LiveSound | None, timeline: Timeline) -> None:
    """Wait for a moment until the sound up to the end of the last picture is known."""
    if sound is None:
        return
    end_s = timeline.captured.program_s(seconds_of(timeline.end_pts, timeline.time_base))
    if end_s is not None:
        sound.wait_until_known(end_s, MAX_LAG_S)
