"""Settings of the window."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter

_GROUP = Group("Window", sort_key=4)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class WindowSettings:
    """Whether there is a window, and how it begins."""

    window: Annotated[bool | None, Parameter(group=_GROUP)] = None
    """Show a window; by default, where there is a display."""

    fullscreen: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Begin in full screen."""

    mirror: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Begin with the picture mirrored."""
