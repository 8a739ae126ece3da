"""How many requests one address may send: token buckets, a bounded number of them."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_ADDRESSES = 1024


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many a second after that."""

    burst: float
    per_s: float


class Buckets:
    """One bucket for each address; the longest unused is forgotten when there are too many."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._allowance, self._clock = allowance, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether one more is allowed; if so it is counted."""
        left = self._left(address)
        allowed = left >= 1.0
        self._buckets.pop(address, None)
        self._buckets[address] = (left - 1.0 if allowed else left, self._clock())
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed

    def is_empty(self, address: str) -> bool:
        """Whether no more is allowed for now; nothing is counted."""
        return self._left(address) < 1.0

    def _left(self, address: str) -> float:
        now_s, most = self._clock(), self._allowance.burst
        left, since_s = self._buckets.get(address, (most, now_s))
        return min(most, left + (now_s - since_s) * self._allowance.per_s)
