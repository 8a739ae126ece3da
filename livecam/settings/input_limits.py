"""Settings of how large pictures and their parts may be."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.core.input_limits import SizeLimits
from livecam.settings.groups import CAMERA


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class InputLimitSettings:
    """What is refused before memory is taken for it."""

    max_megapixels: Annotated[
        float, Parameter(group=CAMERA, validator=Number(gte=0.01, lte=1000))
    ] = 200.0
    """Refuse pictures, clips and streams with more pixels: they are an attack or a mistake."""

    max_part_mb: Annotated[float, Parameter(group=CAMERA, validator=Number(gte=0.1, lte=1000))] = (
        64.0
    )
    """Refuse a picture of an MJPEG stream, or a playlist, of more megabytes."""

    @property
    def limits(self) -> SizeLimits:
        """In pixels and bytes."""
        return SizeLimits(round(self.max_megapixels * 1e6), round(self.max_part_mb * 1e6))
