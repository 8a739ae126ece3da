"""How watching goes at this moment: what the status line, the page and /healthz show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from livecam.core.class_figures import ClassFigures
from livecam.core.short_repr import ShortRepr
from livecam.core.types import BgrImage

UNHEALTHY_AFTER_S = 60.0
"""Where nothing was looked at for so long, something is wrong."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookState(ShortRepr):
    """What was seen last.

    Attributes:
        frame: the picture, read-only.
        at: when it was taken.
        looked_s: when it was looked at, on the program's clock (time.monotonic).
        seen: the most probable class; "other" where none is seen.
        classes: the figures of each class of the conditions, by name.
    """

    frame: BgrImage
    at: datetime
    looked_s: float
    seen: str
    classes: Mapping[str, ClassFigures]


@dataclass(frozen=True, slots=True)
class CameraState:
    """How one source is doing.

    Attributes:
        name: in the settings; "" where it has none.
        title: of the source, without credentials.
        conditions: as they were typed.
        waiting_for: what is waited for where no pictures come; "" while they come.
        last: what was seen last; None before the first look.
        is_still: whether the picture stands still, so that nothing is looked at.
        looked_s: when it was looked at last, or found to stand still, on the program's clock; None
            before the first look.
        open_events: ids of the events that go on.
        events: how many have begun since the program did.
        is_over: whether it is watched no longer.
    """

    name: str
    title: str
    conditions: tuple[str, ...] = ()
    waiting_for: str = ""
    last: LookState | None = None
    is_still: bool = False
    looked_s: float | None = None
    open_events: tuple[str, ...] = ()
    events: int = 0
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class WatchState:
    """How all of it is doing.

    Attributes:
        began_s: when watching began, on the program's clock.
        cameras: in the order of the settings.
        former_events: how many have begun at cameras that other settings took away.
    """

    began_s: float
    cameras: tuple[CameraState, ...] = field(default=())
    former_events: int = 0

    @property
    def events(self) -> int:
        """How many have begun since the program did."""
        return self.former_events + sum(camera.events for camera in self.cameras)

    def since_last_look_s(self, now_s: float) -> float:
        """Seconds since the last look of the camera that has been without one for longest.

        Of one without any look since watching began. A picture that stands still counts as looked
        at; a source that is over does not count.
        """
        times = [
            self.began_s if camera.looked_s is None else camera.looked_s
            for camera in self.cameras
            if not camera.is_over
        ]
        return max(0.0, now_s - min(times)) if times else 0.0

    def is_healthy(self, now_s: float) -> bool:
        """Whether every source was looked at within the last minute."""
        return self.since_last_look_s(now_s) <= UNHEALTHY_AFTER_S
