"""Numbers frames in the order of display while their packets come in the order of decoding."""

from bisect import bisect_left

MOST_REORDERED = 32
"""After so many packets more, none of an earlier frame can follow: 16 is the most of any codec."""

_FORGOTTEN_TOGETHER = 8 * MOST_REORDERED


class TimesGoBackError(Exception):
    """Two packets have the same time, or one is much earlier than those before it."""


class DisplayOrder:
    """The packets of one stream, counted.

    Attributes:
        count: so many so far, those before the first one included.
    """

    def __init__(self, before: int = 0) -> None:
        """`before` packets came before the first one that will be added."""
        self.count = before
        self._earlier = before  # those that are not in the list
        self._timestamps: list[int] = []

    def add(self, timestamp: int) -> None:
        """Count the next packet.

        Raises:
            TimesGoBackError: its frame has no place of its own.
        """
        known = self._timestamps
        if not known or timestamp > known[-1]:  # most of them: nothing is sought
            known.append(timestamp)
        else:
            place = bisect_left(known, timestamp)
            if known[place] == timestamp or len(known) - place > MOST_REORDERED:
                raise TimesGoBackError
            known.insert(place, timestamp)
        self.count += 1

    def index_of(self, timestamp: int) -> int:
        """The number of a frame, once MOST_REORDERED packets came after its own, or the end."""
        return self._earlier + bisect_left(self._timestamps, timestamp)

    def forget_before(self, timestamp: int) -> None:
        """Keep no packets that are shown before this one: nobody will ask for their numbers.

        MOST_REORDERED packets came after it: none of the next ones is taken for a new one.
        """
        place = bisect_left(self._timestamps, timestamp)
        if place >= _FORGOTTEN_TOGETHER:
            del self._timestamps[:place]
            self._earlier += place
