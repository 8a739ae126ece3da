"""One way to draw a map onto a picture: what the network sees of it, and where the map lies."""

from dataclasses import dataclass

from livecam.core.map_choices import Place
from livecam.core.network_size import Look


@dataclass(frozen=True, slots=True)
class Drawing:
    """One of the ways to draw a map.

    Attributes:
        look: which part of the picture the network sees, and how finely.
        place: "measured", "exact" or "page".
    """

    look: Look
    place: Place = "measured"
