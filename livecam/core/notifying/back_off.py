"""How long is waited between the tries to send a message, and when it is given up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waits that double from try to try.

    Attributes:
        first_s: the first one.
        longest_s: none is longer.
        tries: so often at most; None without end.
        give_up_s: a message that waits for longer is given up: one that no receiver ever takes must
            not keep all others back for ever.
    """

    first_s: float = 1.0
    longest_s: float = 60.0
    tries: int | None = None
    give_up_s: float = 86_400.0

    def wait_s(self, failures: int) -> float:
        """How long to wait after so many tries that failed one after another, 1 or more."""
        doublings = min(failures - 1, 30)
        return min(self.longest_s, self.first_s * 2.0**doublings)

    def is_over(self, failures: int, waited_s: float) -> bool:
        """Whether a message is given up after so many tries and so long a time."""
        return waited_s >= self.give_up_s or (self.tries is not None and failures >= self.tries)
