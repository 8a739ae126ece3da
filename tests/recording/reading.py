"""Reading recordings back, finished or not."""

from contextlib import suppress
from pathlib import Path

from livecam.errors import SourceLostError
from livecam.sources.clip import Clip


def times_kept(path: Path) -> list[float]:
    """Times of the frames of a recording that nobody finished, as far as it goes."""
    times_s = []
    with Clip(path) as clip, suppress(SourceLostError):
        times_s.extend(frame.time_s for frame in clip)
    return times_s
