"""How many requests each client address may send: the limits, and a token bucket per address."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_ADDRESSES = 1024


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`burst` requests at once, then `per_s` a second."""

    burst: float
    per_s: float


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits of one client address.

    Attributes:
        static_files: the files of the page itself: many, and cheap.
        requests: all other requests.
        changes: those of them that change something.
        logins: attempts to log in, and wrong bearer tokens.
    """

    static_files: RateLimit = RateLimit(burst=1000, per_s=200)
    requests: RateLimit = RateLimit(burst=200, per_s=60)
    changes: RateLimit = RateLimit(burst=60, per_s=20)
    logins: RateLimit = RateLimit(burst=10, per_s=0.2)


class RateLimiter:
    """A token bucket per address; the least recently used is dropped when there are too many."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._limit, self._clock = limit, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Whether one more request is allowed; if so, it is counted."""
        tokens = self._tokens(address)
        allowed = tokens >= 1.0
        self._buckets.pop(address, None)
        self._buckets[address] = (tokens - 1.0 if allowed else tokens, self._clock())
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed

    def is_exhausted(self, address: str) -> bool:
        """Whether no request is allowed at the moment; nothing is counted."""
        return self._tokens(address) < 1.0

    def _tokens(self, address: str) -> float:
        now_s, burst = self._clock(), self._limit.burst
        tokens, since_s = self._buckets.get(address, (burst, now_s))
        return min(burst, tokens + (now_s - since_s) * self._limit.per_s)
