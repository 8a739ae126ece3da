"""Settings of the map at the start: which part of a frame, how finely, and where it is drawn."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from livecam.core.map_choices import Area, Detail, Place
from livecam.settings.field_check import check_fields
from livecam.settings.groups import LOOKED_AT


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class MapSettings:
    """What the network looks at, and where the map is drawn, at the start; keys change it.

    Raises:
        livecam.errors.SettingsError: a value is of another kind, or no such choice.
    """

    area: Annotated[Area, Parameter(group=LOOKED_AT)] = "square"
    """Look at the largest centred square, or at the whole frame."""

    detail: Annotated[Detail, Parameter(group=LOOKED_AT)] = 1
    """How finely: 1, 2 or 3 times 224 pixels, which is 7, 14 or 21 cells, on the shorter side."""

    place: Annotated[Place, Parameter(group=LOOKED_AT)] = "measured"
    """Draw the map where the evidence was measured to be; or exact: the mean with the map of the
    picture turned by 180 degrees, which costs a second look, of a live picture every second frame
    instead; or page: as on the original web page."""

    def __post_init__(self) -> None:
        check_fields(self)
