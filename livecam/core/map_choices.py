"""The words for area, detail and place; apart, because `--help` reads them without OpenCV."""

from typing import Literal, get_args

Area = Literal["square", "frame"]
"""What the network sees: the largest centred square, or all of the frame."""

Detail = Literal[1, 2, 3]
"""How many times 224 pixels the shorter side has."""

Place = Literal["measured", "exact", "page"]
"""Where the map is drawn: at the model's offset; at none, as the mean with the turned picture; or
at none, as on the page that livecam comes from."""

AREAS: tuple[Area, ...] = get_args(Area)
DETAILS: tuple[Detail, ...] = get_args(Detail)
PLACES: tuple[Place, ...] = get_args(Place)
