"""Settings of the heat map: scale, interpolation, colours and opacity at the start."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.field_check import check_fields
from livecam.settings.groups import HEAT

LARGEST_ACT_MAX = 1000  # far beyond any activation of a network; the scale stays readable


def check_act_max(_: object, act_max: "float | str | None") -> None:
    """A number within LARGEST_ACT_MAX, or auto; None for the model's own."""
    if act_max not in ("auto", None) and not abs(float(act_max)) <= LARGEST_ACT_MAX:
        raise ValueError(f'must be from -{LARGEST_ACT_MAX} to {LARGEST_ACT_MAX}, or "auto".')


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class HeatSettings:
    """How the activation map is drawn at the start; keys change it.

    Interpolation is "bilinear" or "nearest", view "colour", "brightness" or "pair", colormap
    "inferno", "turbo", "jet", "viridis", "magma", "hot" or "cividis", gain from 0.001 to 10.

    Attributes:
        act_max: Activation shown at full brightness; auto uses each frame's own maximum. Not
            given it is 36, and for a network of your own what was measured, auto until then.
        gain: Factor in brightness = exp(gain * (A - act_max)); of a network of your own, whose maps
            have their own scale, times 36 / act_max.
        interpolation: How the activation map is scaled up.
        view: Blend colours into the picture, multiply the picture by the brightness, or show a pair
            of classes: the shown one in magenta, the next one in green, both in white.
        colormap: Colour map of the heat.
        opacity: Opacity of the colours: 0 shows only the picture, 1 only the colours.
        overlay: Draw the heat; without it the picture stays as it is.

    Raises:
        livecam.errors.SettingsError: a value is of another kind, no such choice, or out of range.
    """

    act_max: Annotated[
        float | Literal["auto"] | None,
        Parameter(
            group=HEAT,
            validator=check_act_max,
            show_default=lambda _: "36; of your own network as measured, auto until then",
        ),
    ] = None
    """Activation shown at full brightness; auto uses each frame's own maximum."""

    gain: Annotated[float, Parameter(group=HEAT, validator=Number(gte=0.001, lte=10))] = 0.1
    """Factor in brightness = exp(gain * (A - act_max)); of your own network times 36 / act_max."""

    interpolation: Annotated[Literal["bilinear", "nearest"], Parameter(group=HEAT)] = "bilinear"
    """How the activation map is scaled up."""

    view: Annotated[Literal["colour", "brightness", "pair"], Parameter(group=HEAT)] = "colour"
    """Blend colours into the picture, multiply the picture by the brightness, or show a pair of
    classes: the shown one in magenta, the next one (key n) in green, both in white."""

    colormap: Annotated[
        Literal["inferno", "turbo", "jet", "viridis", "magma", "hot", "cividis"],
        Parameter(group=HEAT),
    ] = "inferno"
    """Colour map of the heat."""

    opacity: Annotated[float, Parameter(group=HEAT, validator=Number(gte=0, lte=1))] = 0.5
    """Opacity of the colours: 0 shows only the picture, 1 only the colours."""

    overlay: Annotated[bool, Parameter(group=HEAT)] = True
    """Draw the heat; without it the picture stays as it is."""

    def __post_init__(self) -> None:
        check_fields(self)
