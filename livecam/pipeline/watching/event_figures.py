"""The figures of an event: one record for each look, timed from the first picture of its clip."""

from collections.abc import Callable, Iterable

from livecam.core.watching.event_store import EventStore
from livecam.errors import SinkError
from livecam.pipeline.watching.look_figures import LookFigures

SAME_S = 1e-3
"""Times are rounded where they are written."""


class EventFigures:
    """Writes them; what cannot be written is said once, and no more is written then.

    Attributes:
        begin_s: of the first picture of the clip, on the source's clock.
        is_begun: whether anything was to be written.
        failure: why not all of them are written, or not as they should be; None while they are.
    """

    def __init__(
        self,
        store: EventStore,
        event: str,
        class_name: str,
        begin_s: float,
        say: Callable[[str], None],
    ) -> None:
        """Write nothing yet.

        Args:
            store: keeps them.
            event: its id.
            class_name: whose figures come first in each record.
            begin_s: see there.
            say: receives a line where they cannot be written.
        """
        self._store, self._event, self._class_name = store, event, class_name
        self._say, self._is_given_up = say, False
        self.failure: SinkError | None = None
        self.begin_s, self.is_begun = begin_s, False

    def add_past(self, past: Iterable[LookFigures], until_s: float) -> None:
        """Write those of the looks from the first picture of the clip to the event.

        Of a picture that stands still the first look alone: it tells what was there at the
        beginning.
        """
        before = [one for one in past if self.begin_s - SAME_S <= one.time_s < until_s]
        for number, one in enumerate(before):
            if number == 0 or not one.is_still:
                self.add(one)

    def add(self, figures: LookFigures) -> None:
        """Write one more."""
        self.is_begun = True
        if self._is_given_up:
            return
        try:
            self._store.add_figures(self._event, figures.record(self._class_name, self.begin_s))
        except SinkError as error:
            self._is_given_up, self.failure = True, error
            self._say(f"{self._event}: its figures are not complete: {error}")

    def begin_at(self, begin_s: float) -> None:
        """The clip begins there: so do they."""
        by_s, self.begin_s = begin_s - self.begin_s, begin_s
        if abs(by_s) < SAME_S or self._is_given_up or not self.is_begun:
            return
        try:
            self._store.move_figures(self._event, by_s)
        except SinkError as error:
            self.failure = error
            self._say(f"{self._event}: its figures are {by_s:.3f} s late: {error}")
