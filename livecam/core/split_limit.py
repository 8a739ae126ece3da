"""When a recording goes on in its next file: after a time, or before it gets too large."""

import re
from dataclasses import dataclass

_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_BYTES = {"kb": 1e3, "mb": 1e6, "gb": 1e9}
LEAST_S, LEAST_BYTES = 1.0, 1_000_000


@dataclass(frozen=True, slots=True)
class SplitLimit:
    """One of them; both None where a recording is not split.

    Attributes:
        seconds: how long a file may be.
        size_bytes: how large.
    """

    seconds: float | None = None
    size_bytes: int | None = None


NO_SPLIT = SplitLimit()


def split_limit(text: str) -> SplitLimit:
    """The limit that a text like 1h, 90s, 500MB or 2GB means.

    Raises:
        ValueError: it means none, or one that is too small.
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)", text.strip().casefold())
    number, unit = (float(found[1]), found[2]) if found else (0.0, "")
    if unit in _SECONDS and number * _SECONDS[unit] >= LEAST_S:
        return SplitLimit(seconds=number * _SECONDS[unit])
    if unit in _BYTES and number * _BYTES[unit] >= LEAST_BYTES:
        return SplitLimit(size_bytes=round(number * _BYTES[unit]))
    raise ValueError(
        "must be a time like 90s, 10m, 1h, or a size like 500MB, 2GB; at least 1s or 1MB."
    )
