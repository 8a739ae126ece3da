"""The window: shows annotated frames, hears keys, pointer, wheel and close button."""

from collections.abc import Iterator, Sequence
from typing import Self

import cv2
import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.events import Closed, Drag, Event, KeyPress, Wheel
from livecam.core.text import Rect
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.sinks.pygame_setup import pygame

TITLE = "livecam"
SHARE_OF_DESKTOP = 0.9
SMALLEST_HEIGHT_PX = 480  # tiny pictures are enlarged: a window of 200 pixels shows nothing
MOST_ENLARGED = 3.0
ICON_SIDE_PX = 64
KEY_REPEAT_MS = (400, 60)  # a key that is held walks through the classes


class Window:
    """A window of SDL; implements protocols.Screen. Used in the thread that opened it."""

    def __init__(self) -> None:
        """The window opens on entering, and appears in its size with the first picture."""
        self._window: pygame.Window | None = None
        self._picture: BgrImage | None = None
        self._fullscreen = self._shown = self._sized = self._held = False
        self._keys_down: set[int] = set()

    def __enter__(self) -> Self:
        """Open the window; sinks/display_check.py must have found no problem."""
        pygame.display.init()
        pygame.key.set_repeat(*KEY_REPEAT_MS)
        self._window = pygame.Window(TITLE, hidden=True, resizable=True)
        self._window.set_icon(_icon())
        return self

    def __exit__(self, *_: object) -> None:
        """Close the window."""
        if self._window is not None:
            self._window.destroy()
            self._window = None
            pygame.display.quit()

    def show(self, annotated: AnnotatedFrame) -> None:
        """Put the annotated frame's picture into the window; the first one gives it its size."""
        if not self._sized:
            self._sized = True
            self._fit(annotated.picture)
        self.show_status(annotated.picture, annotated.view)

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Put any picture into the window."""
        window = self._opened()
        if not self._shown:
            self._shown = True
            self._fit(picture)
            window.show()
        if view.fullscreen != self._fullscreen:
            self._fullscreen = view.fullscreen
            if self._fullscreen:
                window.set_fullscreen(desktop=True)
            else:
                window.set_windowed()
        self._picture = picture
        self._draw()

    def events(self, wait_s: float) -> Sequence[Event]:
        """Keys, pointer, wheel and close button since the last call; the first ends the wait."""
        heard = []
        if wait_s > 0:
            first = pygame.event.wait(max(1, int(wait_s * 1000)))
            heard = [first] if first.type != pygame.NOEVENT else []
        return [event for one in [*heard, *pygame.event.get()] for event in self._obeyed(one)]

    def _obeyed(self, event: pygame.Event) -> Iterator[Event]:
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            yield Closed()
        elif event.type == pygame.KEYDOWN and event.unicode:
            yield KeyPress(event.unicode, is_repeat=event.scancode in self._keys_down)
            self._keys_down.add(event.scancode)
        elif event.type == pygame.KEYUP:
            self._keys_down.discard(event.scancode)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._keys_down.clear()
        elif event.type == pygame.MOUSEWHEEL:
            yield Wheel(event.precise_y)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            if event.button == pygame.BUTTON_LEFT:
                self._held = event.type == pygame.MOUSEBUTTONDOWN
        elif event.type == pygame.MOUSEMOTION and self._held and self._picture is not None:
            enlarged = self._place(self._picture).height / self._picture.shape[0]
            yield Drag(event.rel[0] / enlarged, event.rel[1] / enlarged)
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED):
            self._draw()

    def _opened(self) -> pygame.Window:
        if self._window is None:
            raise RuntimeError("the window is used outside of its with statement")
        return self._window

    def _fit(self, picture: BgrImage) -> None:
        """Give the window the size of a picture, within reason, and put it into the middle."""
        if self._fullscreen:
            return
        window, (height, width) = self._opened(), picture.shape[:2]
        desktop = pygame.display.get_desktop_sizes()[0]
        room = SHARE_OF_DESKTOP * min(desktop[0] / width, desktop[1] / height)
        scale = min(max(1.0, min(MOST_ENLARGED, SMALLEST_HEIGHT_PX / height)), room)
        window.size = max(1, round(width * scale)), max(1, round(height * scale))
        window.position = pygame.WINDOWPOS_CENTERED

    def _place(self, picture: BgrImage) -> Rect:
        """Where the picture goes in the window: as large as fits, in the middle."""
        (width, height), (high, wide) = self._opened().size, picture.shape[:2]
        scale = min(width / wide, height / high)
        wide, high = max(1, round(wide * scale)), max(1, round(high * scale))
        return Rect((width - wide) // 2, (height - high) // 2, wide, high)

    def _draw(self) -> None:
        if self._picture is None:
            return
        surface, place = self._opened().get_surface(), self._place(self._picture)
        size, picture = (place.width, place.height), np.ascontiguousarray(self._picture)
        if picture.shape[1::-1] != size:
            halved = 2 * place.width < picture.shape[1]
            way = cv2.INTER_AREA if halved else cv2.INTER_LINEAR
            picture = np.asarray(cv2.resize(picture, size, interpolation=way))
        if surface.get_size() != size:
            surface.fill("black")
        surface.blit(pygame.image.frombuffer(picture.data, size, "BGR"), (place.left, place.top))
        self._opened().flip()


def _icon() -> pygame.Surface:
    """A daisy from above, seen small."""
    side = ICON_SIDE_PX
    middle, bgr = (side // 2, side // 2), np.full((side, side, 3), (70, 120, 60), np.uint8)
    for angle in range(0, 180, 15):
        axes = (side * 15 // 32, side // 16)
        cv2.ellipse(bgr, middle, axes, angle, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
    cv2.circle(bgr, middle, side // 6, (40, 200, 250), -1, cv2.LINE_AA)
    return pygame.image.frombuffer(bgr.tobytes(), (side, side), "BGR")
