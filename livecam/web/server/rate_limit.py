"""How many requests each client may send: the limits, and a token bucket for each.

A client is a login, or an address without one.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_CLIENTS = 1024

TOO_MANY_REQUESTS = "too many requests: wait a moment."
"""What a client is told that has used up its share."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`burst` requests at once, then `per_s` a second."""

    burst: float
    per_s: float


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits of one client.

    Attributes:
        static_files: the files of the page itself: many, and cheap.
        thumbnails: the small pictures of the timeline of events: many, and cheap.
        requests: all other requests.
        changes: those of them that change something.
        logins: attempts to log in. Tokens are too long to be guessed at this rate; a lower one
            would lock out the user when a stranger at the same address tries.
        frames: those that all its WebSockets together send.
    """

    static_files: RateLimit = RateLimit(burst=1000, per_s=200)
    thumbnails: RateLimit = RateLimit(burst=1000, per_s=200)
    requests: RateLimit = RateLimit(burst=200, per_s=60)
    changes: RateLimit = RateLimit(burst=60, per_s=20)
    logins: RateLimit = RateLimit(burst=200, per_s=50)
    frames: RateLimit = RateLimit(burst=120, per_s=60)


class RateLimiter:
    """A token bucket per client; the least recently used is dropped when there are too many."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._limit, self._clock = limit, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, client: str) -> bool:
        """Whether one more request is allowed; if so, it is counted."""
        tokens = self._tokens(client)
        allowed = tokens >= 1.0
        self._buckets.pop(client, None)
        self._buckets[client] = (tokens - 1.0 if allowed else tokens, self._clock())
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        return allowed

    def _tokens(self, client: str) -> float:
        now_s, burst = self._clock(), self._limit.burst
        tokens, since_s = self._buckets.get(client, (burst, now_s))
        return min(burst, tokens + (now_s - since_s) * self._limit.per_s)
