"""When a clip was taken, as its file says."""

from datetime import MAXYEAR, datetime
from typing import Any

_KEYS = ("com.apple.quicktime.creationdate", "creation_time")
"""The first one has the zone that it was taken in; the other one is UTC."""

_FIRST_YEAR = 1971  # a clock that was never set says 1904 or 1970


def creation_time_of(container: Any, stream: Any) -> datetime | None:
    """When the first frame was taken; None where the file does not say, or not in which zone.

    Some cameras write their local time and call it UTC, and some write when the recording ended:
    nothing in the file tells.

    Args:
        container: opened by PyAV.
        stream: of the video, asked where the container says nothing.
    """
    for metadata in (container.metadata, stream.metadata):
        for key in _KEYS:
            taken_at = _parsed(metadata.get(key, ""))
            if taken_at is not None:
                return taken_at
    return None


def _parsed(text: str) -> datetime | None:
    try:
        taken_at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    is_known = _FIRST_YEAR <= taken_at.year < MAXYEAR  # of the last year not every zone has all
    return taken_at if taken_at.tzinfo is not None and is_known else None
