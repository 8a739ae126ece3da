"""Counts the viewers of picture and figures; limits their number and what they cost together."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MAX_PICTURE_VIEWERS = 64
MAX_FIGURE_VIEWERS = 64
# All viewers together: sending must not take the processor from the loop.
MAX_PICTURES_PER_S = 500.0
MAX_STATES_PER_S = 250.0
MIN_STATE_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Viewer:
    """One connection that watches.

    Attributes:
        client: whose it is: the login, else the address.
        disconnect: aborts the connection.
    """

    client: str = ""
    disconnect: Callable[[], None] = lambda: None


class ViewerPlaces:
    """The viewers of one kind. Where all places are taken, the client with most gives one up."""

    def __init__(self, most: int) -> None:
        """`most` viewers at once."""
        self._most = most
        self._viewers: list[Viewer] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._viewers)

    def admits(self, client: str) -> bool:
        """Whether one more viewer of that client gets a place: a free one, or another's."""
        held = self._held()
        return self.count < self._most or max(held.values()) > held[client] + 1

    @contextmanager
    def taken_by(self, viewer: Viewer) -> Iterator[None]:
        """Count the viewer while inside; where all places are taken, disconnect another."""
        if self.count >= self._most:
            self._disconnect_one()
        self._viewers.append(viewer)
        try:
            yield
        finally:
            if viewer in self._viewers:
                self._viewers.remove(viewer)

    def _disconnect_one(self) -> None:
        """Disconnect the oldest viewer of the client that has most."""
        held = self._held()
        client = max(held, key=lambda each: held[each])
        oldest = next(viewer for viewer in self._viewers if viewer.client == client)
        self._viewers.remove(oldest)
        oldest.disconnect()

    def _held(self) -> Counter[str]:
        return Counter(viewer.client for viewer in self._viewers)


class Viewers:
    """Counts open connections.

    Attributes:
        picture_places: of the connections that receive the MJPEG stream.
        figure_places: of those that receive the figures (WebSocket).
    """

    def __init__(self) -> None:
        """There are no viewers yet."""
        self.picture_places = ViewerPlaces(MAX_PICTURE_VIEWERS)
        self.figure_places = ViewerPlaces(MAX_FIGURE_VIEWERS)

    @property
    def pictures(self) -> int:
        """How many connections receive the MJPEG stream."""
        return self.picture_places.count

    @property
    def figures(self) -> int:
        """How many connections receive the figures."""
        return self.figure_places.count

    @property
    def count(self) -> int:
        """How many viewers there are: a page has one connection of each kind."""
        return max(self.pictures, self.figures)

    def picture_interval_s(self) -> float:
        """Minimum time between two pictures of one viewer; grows with the number of viewers."""
        return self.pictures / MAX_PICTURES_PER_S

    def state_interval_s(self) -> float:
        """Minimum time between two state messages of one viewer."""
        return max(MIN_STATE_INTERVAL_S, self.figures / MAX_STATES_PER_S)
