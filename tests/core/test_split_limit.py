"""What --split means."""

import pytest

from livecam.core.split_limit import SplitLimit, split_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("90s", SplitLimit(seconds=90)),
        ("1m", SplitLimit(seconds=60)),
        ("1.5h", SplitLimit(seconds=5400)),
        ("2d", SplitLimit(seconds=172_800)),
        ("10 min", SplitLimit(seconds=600)),
        ("500MB", SplitLimit(size_bytes=500_000_000)),
        ("2gb", SplitLimit(size_bytes=2_000_000_000)),
    ],
)
def test_times_and_sizes(text, limit):
    assert split_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["", "1", "h", "1x", "-1h", "0.5s", "10KB", "1h30m", "nan h", "1e9h"]
)
def test_what_is_neither_or_too_small_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="90s, 10m, 1h, or a size like 500MB"):
        split_limit(text)
