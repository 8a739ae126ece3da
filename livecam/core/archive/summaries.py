"""Moments by day or by clip: how many, how long, the strongest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from livecam.core.archive.found_moment import FoundMoment

By = Literal["day", "clip"]

UNKNOWN_DAY = "unknown"
"""Of clips without a time of day."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The moments of one day or of one clip.

    Attributes:
        name: the day (YYYY-MM-DD, local time) or the clip.
        moments: them, in their order.
    """

    name: str
    moments: tuple[FoundMoment, ...]

    @property
    def clips(self) -> int:
        """In so many clips they are."""
        return len({one.source for one in self.moments})

    @property
    def seconds(self) -> float:
        """So long they last together."""
        return sum(one.duration_s for one in self.moments)

    @property
    def longest(self) -> FoundMoment:
        """The one that lasts longest."""
        return max(self.moments, key=lambda one: one.duration_s)


def day_of(moment: FoundMoment) -> str:
    """The day on which it begins, in local time."""
    return UNKNOWN_DAY if moment.start is None else f"{moment.start.astimezone():%Y-%m-%d}"


def summaries_by(by: By, moments: Sequence[FoundMoment]) -> list[Summary]:
    """One for each day or clip that has a moment, in their order."""
    name_of: Callable[[FoundMoment], str] = day_of if by == "day" else lambda one: one.source
    groups: dict[str, list[FoundMoment]] = {}
    for moment in moments:
        groups.setdefault(name_of(moment), []).append(moment)
    return [Summary(name, tuple(found)) for name, found in groups.items()]


def summary_record(by: By, summary: Summary) -> dict[str, Any]:
    """A summary as `find --json` writes it."""
    longest = summary.longest
    return {
        by: summary.name,
        "moments": len(summary.moments),
        "clips": summary.clips,
        "seconds": round(summary.seconds, 3),
        "longest": {
            "source": longest.source,
            "start_s": round(longest.start_s, 3),
            "end_s": round(longest.end_s, 3),
        },
    }
