"""The last seconds of sound: what was written is read, everything else is 0."""

import numpy as np

from livecam.sources.microphone.sound_history import SoundHistory


def test_whatever_is_written_is_read_where_it_was_written():
    random = np.random.default_rng(5)
    for _ in range(50):
        kept = int(random.integers(5, 60))
        history, truth, end = SoundHistory(kept, 1, 1.0), {}, None
        for _ in range(20):
            begin = int(random.integers(0, 30)) + (end or 1000) - 10
            samples = random.integers(1, 1000, (int(random.integers(0, 90)), 1)).astype(np.int16)
            history.write(begin, samples)
            new = dict(enumerate(samples[:, 0].tolist(), begin))
            truth |= {index: one for index, one in new.items() if end is None or index >= end}
            end = max(end or 0, begin + len(samples), begin)
            assert history.end == end
            first = end - kept - 20
            expected = [truth.get(i, 0) if i >= end - kept else 0 for i in range(first, end + 5)]
            assert history.read(first, end + 5)[:, 0].tolist() == expected


def test_silence_moves_the_end():
    history = SoundHistory(100, 2, 1.0)
    history.extend_silence(500)
    history.write(500, np.full((10, 2), 7, np.int16))
    history.extend_silence(505)
    assert history.end == 510
    history.extend_silence(560)
    assert history.read(505, 515).tolist() == [[7, 7]] * 5 + [[0, 0]] * 5
