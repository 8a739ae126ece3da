"""Settings of `livecam watch` alone: what makes an event, and what is kept of it.

A settings file may have a table for each camera, [camera.NAME], with its `source` and any of these
settings: see `livecam/settings/camera_tables.py`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.core.conditions.parse import parse_condition
from livecam.core.watching.event_rules import RuleLimits
from livecam.errors import SettingsError
from livecam.settings.allowed_values import check_file_name, split_at_semicolons

EVENT = Group("What makes an event", sort_key=-3)
KEPT = Group("What is kept of it", sort_key=-2)

MOST_LOOKS = 100
_LOOKS = re.compile(r"([1-9]\d{0,2})/([1-9]\d{0,2})")


def check_condition(_: object, texts: tuple[str, ...] | str | None) -> None:
    """Conditions that can be parsed."""
    for text in (texts,) if isinstance(texts, str) else texts or ():
        try:
            parse_condition(text)
        except SettingsError as error:
            raise ValueError(str(error)) from None


def check_looks(_: object, text: str) -> None:
    """Two numbers, the first not above the second."""
    found = _LOOKS.fullmatch(text)
    if not found or not int(found[1]) <= int(found[2]) <= MOST_LOOKS:
        raise ValueError(f"must be like 2/3, in two of the last three looks; {MOST_LOOKS} at most.")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What makes an event of a camera, and what is kept of it."""

    when: Annotated[
        tuple[str, ...] | None,
        Parameter(
            group=EVENT,
            negative="",
            validator=check_condition,
            env_var_split=split_at_semicolons,
        ),
    ] = None
    """What makes an event: "daisy > 0.8", "max(daisy) > 20", "seen == daisy and not bee > 0.5";
    names with spaces in quotes. Repeatable, in LIVECAM_WHEN with semicolons: each makes events of
    its own."""

    looks: Annotated[str, Parameter(group=EVENT, validator=check_looks)] = "2/3"
    """It begins when --when held in so many of the last so many looks."""

    look_every: Annotated[float, Parameter(group=EVENT, validator=Number(gte=0, lte=3600))] = 0.5
    """Look at a picture so often, in seconds; 0 for every picture."""

    release: Annotated[float, Parameter(group=EVENT, validator=Number(gte=0, lte=3600))] = 2.0
    """It ends when --when has not held for so many seconds."""

    hysteresis: Annotated[float, Parameter(group=EVENT, validator=Number(gte=0, lt=1))] = 0.1
    """It goes on while --when holds with limits that are easier by this share: 0.8 down to 0.72."""

    min_length: Annotated[float, Parameter(group=EVENT, validator=Number(gte=0, lte=60))] = 0.0
    """What is shorter, in seconds, is no event."""

    max_length: Annotated[float, Parameter(group=EVENT, validator=Number(gte=1, lte=86_400))] = (
        600.0
    )
    """What is longer, in seconds, becomes several events, one after the other."""

    cooldown: Annotated[float, Parameter(group=EVENT, validator=Number(gte=0, lte=86_400))] = 0.0
    """For so many seconds after an event none begins."""

    before: Annotated[float, Parameter(group=KEPT, validator=Number(gte=0, lte=300))] = 5.0
    """The clip of an event begins so many seconds before it."""

    after: Annotated[float, Parameter(group=KEPT, validator=Number(gte=0, lte=300))] = 5.0
    """The clip of an event ends so many seconds after it."""

    keep: Annotated[Literal["clean", "annotated", "both"], Parameter(group=KEPT)] = "clean"
    """Keep the camera's own pictures of an event, the pictures with their maps, or both. Those
    with maps are made after the event."""

    @property
    def limits(self) -> RuleLimits:
        """How often and how long a condition has to hold."""
        k, n = map(int, self.looks.split("/"))
        return RuleLimits(k, n, self.release, self.min_length, self.max_length, self.cooldown)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class EventFolderSettings:
    """Where events go."""

    events: Annotated[Path, Parameter(group=KEPT, validator=check_file_name)] = field(
        default=Path("events")
    )
    """Folder of the events: events.jsonl, and a folder for each day."""
