"""Settings of the screens, window and page: what they show at the start."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.groups import SCREENS


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class WindowSettings:
    """Whether there is a window, and how window and page begin; keys change it."""

    window: Annotated[bool | None, Parameter(group=SCREENS)] = None
    """Show a window; by default, where there is a display."""

    fullscreen: Annotated[bool, Parameter(group=SCREENS, negative="")] = False
    """Begin in full screen."""

    mirror: Annotated[bool, Parameter(group=SCREENS, negative="")] = False
    """Begin with the picture mirrored; untouched recordings and figures never are."""

    figures: Annotated[bool, Parameter(group=SCREENS)] = True
    """Begin with figures and colour bar on the screen; see --record-figures for recordings."""

    top_five: Annotated[bool, Parameter(group=SCREENS, negative="")] = False
    """Begin with the five most probable classes on the screen; for recordings --record-top."""

    keys: Annotated[bool, Parameter(group=SCREENS, negative="")] = False
    """Begin with the table of keys in the window."""

    paused: Annotated[bool, Parameter(group=SCREENS, negative="")] = False
    """Begin paused on the first picture."""
    at_end: Annotated[Literal["hold", "loop", "quit"] | None, Parameter(group=SCREENS)] = None
    """At the end of a clip or folder: stay on the last picture, begin again, or quit. By default
    a window stays, and a run without one quits; pictures stay on the page, too."""

    speed: Annotated[float, Parameter(group=SCREENS, validator=Number(gte=0.125, lte=8))] = 1.0
    """Begin to play a clip or folder this many times as fast."""
