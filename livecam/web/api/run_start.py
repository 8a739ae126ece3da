"""What the page says until the run begins: which source is waited for, that the model is loaded."""

from dataclasses import dataclass

from livecam.core.status_card_words import waiting_words
from livecam.core.types import Waiting
from livecam.web.api.run_info import RunInfo


@dataclass(slots=True, eq=False)
class RunStart:
    """How far the start of the run is; written by the main thread, read by the server's.

    Attributes:
        source: its title, which only those who have the token may read.
        run_info: what does not change during the run; None until it begins.
        waiting: what is being opened or loaded; None for the source.
        has_guests: whether some may read its words who may not know the source.
    """

    source: str
    run_info: RunInfo | None = None
    waiting: Waiting | None = None
    has_guests: bool = False

    def words(self) -> str:
        """What the start waits for, as far as all who may ask for it may know."""
        if self.has_guests:
            return self.public_words()
        return f"livecam is starting: {waiting_words(self._waiting)}."

    def public_words(self) -> str:
        """The same without the source's address, and without what the network says of it."""
        reason = self._waiting.reason.replace(self.source, "the source").partition(" (")[0]
        return f"livecam is starting: {reason}."

    @property
    def _waiting(self) -> Waiting:
        return self.waiting or Waiting(0.0, f"opening {self.source}")
