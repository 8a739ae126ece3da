"""How much of what is recorded is kept: --keep-days, --keep-gb."""

from collections.abc import Sequence
from dataclasses import dataclass

from livecam.core.formatting import counted

GIGABYTE = 1_000_000_000
_DAY_S = 86_400.0
_NAMED = 2
_FULL = 0.98  # of the limit: then the oldest go, while there is still room for what comes meanwhile


@dataclass(frozen=True, slots=True)
class KeepLimits:
    """How much is kept; None for no limit.

    Attributes:
        days: no recording that is older.
        size_bytes: all together.
    """

    days: float | None = None
    size_bytes: int | None = None

    @property
    def text(self) -> str:
        """As the settings spell it."""
        days = f"--keep-days {self.days:g}" if self.days is not None else ""
        size = f"--keep-gb {self.size_bytes / GIGABYTE:g}" if self.size_bytes is not None else ""
        return " and ".join(filter(None, (days, size)))

    def is_full(self, size_bytes: int) -> bool:
        """Whether something has to go where there is so much."""
        return self.size_bytes is not None and size_bytes > self.size_bytes * _FULL

    def is_beyond(self, age_s: float, size_bytes: int) -> bool:
        """Whether the oldest one has to go.

        Args:
            age_s: of that.
            size_bytes: of all together.
        """
        return (self.days is not None and age_s > self.days * _DAY_S) or self.is_full(size_bytes)

    def deletion_line(self, names: Sequence[str], noun: str) -> str:
        """What was deleted, for the user; "" for nothing.

        Args:
            names: of what was deleted.
            noun: what these are, one of them.
        """
        if not names:
            return ""
        more = len(names) - _NAMED
        listed = ", ".join(names[:_NAMED])
        return f"deleted for {self.text}: {listed}" + (
            f" and {counted(more, noun)} more" if more > 0 else ""
        )


def keep_limits(days: float | None, gigabytes: float | None) -> KeepLimits:
    """What --keep-days and --keep-gb mean."""
    return KeepLimits(days, None if gigabytes is None else round(gigabytes * GIGABYTE))


NO_LIMITS = KeepLimits()
