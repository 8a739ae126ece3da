"""Flags that several commands have, in the same words everywhere."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.core.map_choices import Area, Detail

AsJson = Annotated[bool, Parameter(name="--json", help="Print JSON, for programs.", negative="")]
Alpha = Annotated[float | None, Parameter(help="1.0, 0.75, 0.5 or 0.25.")]
MostPictures = Annotated[
    int | None,
    Parameter(validator=Number(gte=1), help="So many pictures at most, evenly chosen."),
]
SeenArea = Annotated[Area, Parameter(help="What of the picture the network sees.")]
SeenDetail = Annotated[Detail, Parameter(help="224, 448 or 672 pixels on the short side.")]
