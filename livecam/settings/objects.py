"""Settings of what is found in the map: boxes around things, at the start."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from livecam.settings.field_check import check_fields
from livecam.settings.groups import HEAT


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ObjectSettings:
    """What is found in the map, at the start; the key b changes it.

    Raises:
        livecam.errors.SettingsError: a value is of another kind.
    """

    boxes: Annotated[bool, Parameter(group=HEAT, negative="")] = False
    """Find the things in the map, follow them and draw a box around each; with detail 2 best."""

    def __post_init__(self) -> None:
        check_fields(self)
