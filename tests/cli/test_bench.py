"""What `livecam bench` measures: how many frames, and how many of them are the warm-up."""

import pytest

from livecam.cli.bench import FRAMES, _frames_within
from livecam.settings.schema import PaceSettings


@pytest.mark.parametrize(
    ("limits", "rate", "most", "frames"),
    [
        (PaceSettings(), 30.0, None, FRAMES),
        (PaceSettings(frames=24), 30.0, None, 24),
        (PaceSettings(seconds=1.0), 30.0, 300, 30),
        (PaceSettings(seconds=20.0), 30.0, None, 600),  # before, a clip of 300 was made for it
        (PaceSettings(frames=24, seconds=20.0), 30.0, 8, 8),
        (PaceSettings(seconds=20.0), None, None, FRAMES),
        (PaceSettings(seconds=0.001), 30.0, None, 1),
    ],
)
def test_the_run_has_as_many_frames_as_its_limits_allow(limits, rate, most, frames):
    assert _frames_within(limits, rate, most) == frames
