"""Settings of `livecam watch` alone: what is kept of every day."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

DAYS = Group("What is kept of every day", sort_key=-1)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class DayRecordSettings:
    """What is written for every day into its folder in --events."""

    day_files: Annotated[bool, Parameter(group=DAYS)] = True
    """Count events and looks by class and hour, and draw where the evidence lay over the day."""

    timelapse: Annotated[
        float | None, Parameter(group=DAYS, validator=Number(gte=0.1, lte=86_400))
    ] = None
    """Make a time-lapse of every day, of one picture every so many seconds: 60."""

    timelapse_pictures: Annotated[Literal["annotated", "clean"], Parameter(group=DAYS)] = (
        "annotated"
    )
    """Pictures of the time-lapse with their map and figures, or as the camera gives them."""
