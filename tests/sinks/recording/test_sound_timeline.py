"""Times of sound: they never step back, whatever a clip's stamps say."""

from itertools import pairwise

import numpy as np
import pytest

from livecam.sinks.recording.sound_timeline import SoundTimeline

UNIT_S = 1 / 90_000
PIECE_S = 1024 / 48_000


def placed(stamps_s, lasts_s=PIECE_S, unit_s=UNIT_S, *, exact=False):
    timeline = SoundTimeline(unit_s, exact=exact)
    following = [*stamps_s[1:], None]
    return [
        timeline.place(own_s, lasts_s, next_s)
        for own_s, next_s in zip(stamps_s, following, strict=True)
    ]


def steady(count, from_s=0.0):
    return [from_s + number * PIECE_S for number in range(count)]


def test_sound_that_rises_keeps_its_own_times():
    stamps_s = [*steady(20), *steady(20, 0.43), *steady(5, 3.0), 9.0]  # with silences
    assert placed(stamps_s) == stamps_s


def test_what_overlaps_with_the_recording_before_is_left_out():
    joined = [*steady(47), *steady(47, 0.96)]
    times_s = placed(joined)
    assert [time_s for time_s in times_s if time_s is None] == [None, None]
    kept = [time_s for time_s in times_s if time_s is not None]
    assert kept == sorted(set(kept))
    assert kept[-1] == joined[-1]  # in step with the pictures again


def test_after_a_restart_time_goes_on():
    assert placed([*steady(47), *steady(47), *steady(47)]) == pytest.approx(steady(141))


def test_a_single_wrong_stamp_moves_nothing():
    for wrong_s in (-5.0, 1e5):
        stamps_s = steady(60)
        stamps_s[30] = wrong_s
        assert placed(stamps_s) == pytest.approx(steady(60))


def test_pieces_without_a_stamp_or_with_a_shared_one_follow_each_other():
    shared = [0.0, 0.0, 0.0, None, None, 0.0]
    assert placed(shared) == pytest.approx(steady(6))


def test_in_a_coarse_unit_no_piece_is_lost():
    """AVI: the unit is one whole frame of MP3, and frames are longer or shorter than that."""
    unit_s = 1152 / 44_100
    coarse = [round(number * PIECE_S / unit_s) * unit_s for number in range(100)]
    assert None not in placed(coarse, unit_s=unit_s, exact=True)
    assert None not in placed(coarse, lasts_s=unit_s, unit_s=unit_s)


def test_a_thousand_random_sequences_never_step_back():
    random = np.random.default_rng(14)
    for _ in range(1000):
        steps_s = random.choice(
            [PIECE_S, 0.0, -0.01, -2.0, 5.0, 1e5, -1e5], 80, p=[0.7] + [0.05] * 6
        )
        stamps_s: list[float | None] = list(np.cumsum(steps_s))
        for number in random.integers(0, 80, 5):
            stamps_s[number] = None if random.random() < 0.5 else float(random.uniform(-1e4, 1e4))
        unit_s = float(random.choice([UNIT_S, 1e-3, 0.026]))
        lasts_s = float(random.choice([PIECE_S, 0.0, unit_s]))
        times_s = placed(stamps_s, lasts_s, unit_s, exact=bool(random.integers(2)))
        kept = [time_s for time_s in times_s if time_s is not None]
        assert all(earlier <= later for earlier, later in pairwise(kept))
