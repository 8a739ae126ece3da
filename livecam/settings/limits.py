"""Settings of how long a run lasts, and how fast it is."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import Integer

_GROUP = Group("How long and how fast", sort_key=5)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PaceSettings:
    """How long and how fast."""

    frames: Annotated[Integer | None, Parameter(group=_GROUP, validator=Number(gte=1))] = None
    """Stop after this many frames."""

    seconds: Annotated[float | None, Parameter(group=_GROUP, validator=Number(gt=0))] = None
    """Stop after this many seconds of the source's own time."""

    rate_limit: Annotated[float | None, Parameter(group=_GROUP, validator=Number(gte=0.01))] = None
    """At most this many frames per second."""

    every: Annotated[Integer, Parameter(group=_GROUP, validator=Number(gte=1, lte=1000))] = 1
    """Run the network on every Nth frame; the frames in between keep its activation map."""
