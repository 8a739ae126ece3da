"""How much of the recordings under names of --record is kept: --keep-days, --keep-gb."""

from dataclasses import dataclass

GIGABYTE = 1_000_000_000


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


NO_LIMITS = KeepLimits()
