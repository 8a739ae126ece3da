"""Twenty seconds at full speed: memory stays flat, no drift (half an hour: soak.py)."""

import sys

import pytest
from sinks.recording.soak import RATE, soak

SECONDS = 20.0


@pytest.mark.parametrize(("suffix", "pre_roll_s"), [(".mp4", 0.0), (".mkv", 5.0)])
def test_a_long_recording_needs_no_more_memory_than_a_short_one(suffix, pre_roll_s, tmp_path):
    done = soak(tmp_path, SECONDS, suffix, pre_roll_s)
    assert done.frames == SECONDS * RATE
    assert abs(done.drift_s) < 0.001
    if sys.platform == "linux":
        assert done.memory_mb[-1] - done.memory_mb[5] < 10
