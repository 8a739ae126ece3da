"""Samples on the program's clock: hours of a card that runs fast."""

import numpy as np
import pytest
from sources.microphone.fake_microphone import clicks_s, heard

from livecam.sources.microphone.aligner import SoundAligner
from livecam.sources.microphone.device import CapturedSound

RATE = 2_000  # the fewer samples a second, the less time three hours take


@pytest.mark.parametrize("ppm", [200.0, -200.0])
def test_after_three_hours_sound_is_where_it_sounded(ppm):
    aligner, true_rate, count = SoundAligner(RATE, 1, RATE, 1), RATE * (1 + ppm * 1e-6), 1_000
    random = np.random.default_rng(1)
    errors_s, expected = [], None
    for number in range(3 * 3600 * 2):
        at_s = 50.0 + number * count / true_rate
        block = CapturedSound(heard(at_s, count, true_rate), at_s + 0.01 * random.random() ** 4)
        for index, samples in aligner.add(block):
            assert index == (expected or index)
            expected = index + len(samples)
            errors_s += [
                (found + 0.5) % 1.0 - 0.5 for found in clicks_s(samples, index / RATE, RATE)
            ]
    assert len(errors_s) >= 3 * 3600 - 1  # one on a border counts twice
    assert np.abs(errors_s).max() < 0.01
