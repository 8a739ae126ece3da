"""Passes how watching goes from the loop to the web server's thread."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livecam.core.types import BgrImage
from livecam.core.watching.watch_state import CameraState, LookState, WatchState

DrawLook = Callable[[LookState], BgrImage]


@dataclass(frozen=True, slots=True, eq=False)
class CameraPicture:
    """The last picture of a camera that was looked at.

    Attributes:
        number: counts the looks that the page was told of; 0 before the first.
        look: it; None before the first.
    """

    number: int = 0
    look: LookState | None = None


class WatchHub:
    """Holds the newest state of the watching.

    Attributes:
        draw: makes the picture that is shown of a look.
        is_watching: whether cameras are watched, or only events shown.
        state: the newest; None before the first.
        number: counts changes of what is shown.
    """

    def __init__(self, *, is_watching: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds, the program's."""
        self.draw: DrawLook = lambda look: look.frame
        self.is_watching = is_watching
        self.state: WatchState | None = None
        self.number = 0
        self._clock = clock
        self._pictures: dict[str, CameraPicture] = {}
        self._shown: list[Any] = []
        self._changed: Callable[[], None] = lambda: None

    def on_change(self, notify: Callable[[], None]) -> None:
        """Let this be called after each change, in the loop's thread."""
        self._changed = notify

    def show(self, state: WatchState) -> None:
        """Take the state; it may be given far more often than it changes."""
        self.state = state
        names = {camera.name for camera in state.cameras}
        self._pictures = {name: of for name, of in self._pictures.items() if name in names}
        for camera in state.cameras:
            before = self.picture_of(camera)
            is_new = camera.last is not None and _tag_of(camera.last) != _tag_of(before.look)
            if is_new and not (camera.is_still and before.number):
                self._pictures[camera.name] = CameraPicture(before.number + 1, camera.last)
        shown = [self._shown_of(camera) for camera in state.cameras]
        if shown != self._shown:
            self._shown = shown
            self.number += 1
            self._changed()

    @property
    def cameras(self) -> tuple[CameraState, ...]:
        """In the order of the settings; none before the first state."""
        return () if self.state is None else self.state.cameras

    def picture_of(self, camera: CameraState) -> CameraPicture:
        """The last picture of a camera."""
        return self._pictures.get(camera.name, CameraPicture())

    def unseen_s(self, camera: CameraState) -> float:
        """Seconds since a camera was looked at, or found to stand still; from the start on."""
        if self.state is None:
            return 0.0
        since_s = self.state.began_s if camera.looked_s is None else camera.looked_s
        return max(0.0, self._clock() - since_s)

    def problem(self) -> str:
        """What is wrong, in words for everybody; "" where nothing is."""
        if not self.is_watching:
            return ""
        if self.state is None:
            return "livecam is starting."
        now_s = self._clock()
        if self.state.is_healthy(now_s):
            return ""
        return f"a camera was not looked at for {self.state.since_last_look_s(now_s):.0f} s."

    def _shown_of(self, camera: CameraState) -> tuple[Any, ...]:
        return (
            self.picture_of(camera).number,
            None if camera.last is None else camera.last.at,
            camera.name,
            camera.title,
            camera.waiting_for,
            camera.is_still,
            camera.open_events,
            camera.is_over,
        )


def _tag_of(look: LookState | None) -> Any:
    """What tells one look from another: states hold new objects each time."""
    return None if look is None else (id(look.frame), look.at)
