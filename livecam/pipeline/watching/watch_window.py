"""The window of `livecam watch`: cameras as tiles; a click or a digit enlarges one."""

from collections.abc import Callable

from livecam.core.events import Click, Closed, KeyPress
from livecam.core.key_bindings import ESCAPE
from livecam.core.protocols import Screen
from livecam.core.status_card import StatusCard
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.core.watching.camera_tiles import CameraTile, draw_tiles, tile_at
from livecam.core.watching.watch_state import CameraState, LookState, WatchState

REDRAW_S = 0.1

Draw = Callable[[LookState], BgrImage]


class WatchWindow:
    """Shows the state of watching; used by the thread of the loop.

    Attributes:
        is_left: whether the user closed it, or asked to quit.
    """

    def __init__(self, screen: Screen, draw: Draw, clock: Callable[[], float]) -> None:
        """Show nothing yet.

        Args:
            screen: the window, open.
            draw: makes the picture of a look with its map.
            clock: seconds, monotonic.
        """
        self._screen, self._draw, self._clock = screen, draw, clock
        self._drawn_s = float("-inf")
        self._drawn: dict[int, tuple[LookState, BgrImage]] = {}
        self._enlarged: int | None = None
        self._fullscreen = self.is_left = False

    def show(self, state: WatchState) -> None:
        """Show a state, ten times a second at most, and take what the user did."""
        self._take_events(len(state.cameras))
        now_s = self._clock()
        if now_s - self._drawn_s < REDRAW_S or not state.cameras:
            return
        self._drawn_s = now_s
        if self._enlarged is not None and self._enlarged >= len(state.cameras):
            self._enlarged = None
        shown = range(len(state.cameras)) if self._enlarged is None else (self._enlarged,)
        tiles = [self._tile(number, state.cameras[number]) for number in shown]
        view = View(0, (), fullscreen=self._fullscreen)
        self._screen.show_status(StatusCard(draw_tiles(tiles)), view)

    def _take_events(self, count: int) -> None:
        for event in self._screen.events(0.0):
            if isinstance(event, Closed):
                self.is_left = True
            elif isinstance(event, Click):
                self._toggle(tile_at(event.x, event.y, count) if self._enlarged is None else None)
            elif isinstance(event, KeyPress) and not event.is_repeat:
                self._take_key(event.key, count)

    def _take_key(self, key: str, count: int) -> None:
        if key == "q" or (key == ESCAPE and self._enlarged is None and not self._fullscreen):
            self.is_left = True
        elif key == ESCAPE:
            self._toggle(None)
            self._fullscreen = False
        elif key == "f":
            self._fullscreen = not self._fullscreen
            self._drawn_s = float("-inf")
        elif key.isdecimal() and 0 < int(key) <= count:
            number = int(key) - 1
            self._toggle(None if self._enlarged == number else number)

    def _toggle(self, number: int | None) -> None:
        self._enlarged, self._drawn_s = number, float("-inf")

    def _tile(self, number: int, camera: CameraState) -> CameraTile:
        last = camera.last
        picture = None if last is None else self._picture(number, last)
        return CameraTile(picture, _words(camera), is_event=bool(camera.open_events))

    def _picture(self, number: int, look: LookState) -> BgrImage:
        """Drawn once for each look."""
        before = self._drawn.get(number)
        if before is None or before[0].frame is not look.frame:
            self._drawn[number] = before = look, self._draw(look)
        return before[1]


def _words(camera: CameraState) -> tuple[str, ...]:
    name = camera.name or camera.title
    if camera.is_over:
        return name, "ended"
    if camera.waiting_for:
        return name, camera.waiting_for
    if camera.last is None:
        return name, "waiting for the first picture"
    figures = ", ".join(
        f"{label} {100 * of.probability:.0f} %" for label, of in camera.last.classes.items()
    )
    return name, figures
