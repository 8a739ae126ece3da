"""The offset at which maps are drawn, against an even grid of cells."""

from livecam.core.map_choices import Place

Offset = tuple[float, float]
"""x and y in pixels of the network's input; positive is right and down."""

NO_OFFSET: Offset = (0.0, 0.0)


def offset_in(place: Place, offset_px: Offset) -> Offset:
    """The offset at which a map is drawn; of the exact one it is none already."""
    return NO_OFFSET if place == "page" else offset_px
