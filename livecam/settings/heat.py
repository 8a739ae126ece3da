"""Settings of the heat map: scale, interpolation, colours and opacity at the start."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import check_act_max

_GROUP = Group("Heat", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class HeatSettings:
    """How the activation map is drawn at the start; keys change it."""

    act_max: Annotated[
        float | Literal["auto"], Parameter(group=_GROUP, validator=check_act_max)
    ] = 36.0
    """Activation shown at full brightness; auto uses each frame's own maximum."""

    gain: Annotated[float, Parameter(group=_GROUP, validator=Number(gt=0, lte=10))] = 0.1
    """Factor in brightness = exp(gain * (A - act_max))."""

    interpolation: Annotated[Literal["bilinear", "nearest"], Parameter(group=_GROUP)] = "bilinear"
    """How the 7 x 7 activation map is scaled up."""

    view: Annotated[Literal["colour", "brightness"], Parameter(group=_GROUP)] = "colour"
    """Blend colours into the picture, or multiply the picture by the brightness."""

    colormap: Annotated[
        Literal["inferno", "turbo", "jet", "viridis", "magma", "hot", "cividis"],
        Parameter(group=_GROUP),
    ] = "inferno"
    """Colour map of the heat."""

    opacity: Annotated[float, Parameter(group=_GROUP, validator=Number(gte=0, lte=1))] = 0.5
    """Opacity of the colours: 0 shows only the picture, 1 only the colours."""
