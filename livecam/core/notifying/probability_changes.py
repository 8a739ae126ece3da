"""Which probabilities are worth telling: those that changed, and not more often than needed."""

from datetime import datetime, timedelta

LEAST_STEP = 0.01
LEAST_INTERVAL = timedelta(seconds=1)


class ProbabilityChanges:
    """Remembers what was told of each class. Pure: the looks bring their own time."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._told: dict[str, tuple[float, datetime]] = {}

    def is_news(self, class_name: str, probability: float, at: datetime) -> bool:
        """Whether this is to be told; it counts as told then.

        Args:
            class_name: of which class.
            probability: in the newest look, 0 to 1.
            at: when that was taken; a clock that was set back does not silence it.
        """
        told = self._told.get(class_name)
        if told is not None:
            before, told_at = told
            is_early = timedelta(0) <= at - told_at < LEAST_INTERVAL
            if is_early or abs(probability - before) < LEAST_STEP:
                return False
        self._told[class_name] = (probability, at)
        return True
