"""Counts the viewers of picture and figures; limits their number and what they cost together."""

from collections.abc import Iterator
from contextlib import contextmanager

MAX_PICTURE_VIEWERS = 64
MAX_FIGURE_VIEWERS = 64
# All viewers together: sending must not take the processor from the loop.
MAX_PICTURES_PER_S = 500.0
MAX_STATES_PER_S = 250.0
MIN_STATE_INTERVAL_S = 0.1


class Viewers:
    """Counts open connections.

    Attributes:
        pictures: connections that receive the MJPEG stream.
        figures: connections that receive the figures (WebSocket).
    """

    def __init__(self) -> None:
        """There are no viewers yet."""
        self.pictures = self.figures = 0

    @property
    def count(self) -> int:
        """How many viewers there are: a page has one connection of each kind."""
        return max(self.pictures, self.figures)

    @contextmanager
    def watching_picture(self) -> Iterator[None]:
        """Count a viewer of the picture while inside."""
        self.pictures += 1
        try:
            yield
        finally:
            self.pictures -= 1

    @contextmanager
    def reading_figures(self) -> Iterator[None]:
        """Count a reader of the figures while inside."""
        self.figures += 1
        try:
            yield
        finally:
            self.figures -= 1

    def picture_interval_s(self) -> float:
        """Minimum time between two pictures of one viewer; grows with the number of viewers."""
        return self.pictures / MAX_PICTURES_PER_S

    def state_interval_s(self) -> float:
        """Minimum time between two state messages of one viewer."""
        return max(MIN_STATE_INTERVAL_S, self.figures / MAX_STATES_PER_S)
