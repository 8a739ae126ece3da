"""Settings of how long a run lasts, and how fast it is."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.allowed_values import Integer
from livecam.settings.groups import PACE


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PaceSettings:
    """How long and how fast."""

    frames: Annotated[Integer | None, Parameter(group=PACE, validator=Number(gte=1))] = None
    """Stop after this many frames."""

    seconds: Annotated[float | None, Parameter(group=PACE, validator=Number(gt=0))] = None
    """Stop after this many seconds of the source's own time; the time that a camera is lost counts,
    also where --lost gap leaves it out of the recording."""

    rate_limit: Annotated[float | None, Parameter(group=PACE, validator=Number(gte=0.01))] = None
    """At most this many frames per second."""

    every: Annotated[Integer, Parameter(group=PACE, validator=Number(gte=1, lte=1000))] = 1
    """Run the network on every Nth frame; the frames in between keep its activation map. Every
    photograph has its own."""
