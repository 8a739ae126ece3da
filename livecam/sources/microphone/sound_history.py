"""The last seconds of sound, by the index of each sample on the program's clock."""

import threading

import numpy as np

from livecam.core.live_sound import SoundSamples


class SoundHistory:
    """A ring of samples: one thread writes, others read. What was not written is 0."""

    def __init__(self, rate: int, channels: int, keep_s: float) -> None:
        """Empty; takes `rate * channels * 2 * keep_s` bytes."""
        self._ring = np.zeros((max(1, round(rate * keep_s)), channels), np.int16)
        self._end: int | None = None
        self._lock = threading.Lock()

    @property
    def end(self) -> int | None:
        """The index after the last sample; None before the first."""
        return self._end

    def write(self, begin: int, samples: SoundSamples) -> None:
        """Add samples from this index on; those before `end` are left out, a gap becomes 0."""
        with self._lock:
            end = begin if self._end is None else self._end
            self._extend(end, begin)
            rest = samples[max(0, end - begin) :]
            begin = max(begin, end)
            kept = SoundSamples(rest[-len(self._ring) :])
            self._put(begin + len(rest) - len(kept), kept)
            self._end = begin + len(rest)

    def extend_silence(self, end: int) -> None:
        """Nothing sounded up to this index."""
        with self._lock:
            if self._end is None:
                self._end = end
            elif end > self._end:
                self._extend(self._end, end)
                self._end = end

    def read(self, begin: int, end: int) -> SoundSamples:
        """The samples of these indices; of what is not known, or no longer, 0."""
        found = np.zeros((end - begin, self._ring.shape[1]), np.int16)
        with self._lock:
            if self._end is not None:
                first = max(begin, self._end - len(self._ring))
                last = min(end, self._end)
                if first < last:
                    places = np.arange(first, last) % len(self._ring)
                    found[first - begin : last - begin] = self._ring[places]
        return SoundSamples(found)

    def _extend(self, begin: int, end: int) -> None:
        count = min(end - begin, len(self._ring))
        if count > 0:
            self._ring[np.arange(end - count, end) % len(self._ring)] = 0

    def _put(self, begin: int, samples: SoundSamples) -> None:
        self._ring[np.arange(begin, begin + len(samples)) % len(self._ring)] = samples
