"""The window: shows annotated frames; gives key, pointer, wheel and close events."""

from collections.abc import Iterator, Sequence
from typing import Self

import cv2
import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.events import Closed, Drag, Event, KeyPress, Wheel
from livecam.core.text import Rect
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.sinks.keyboard import typed_key
from livecam.sinks.pygame_setup import pygame

TITLE = "livecam"
MAX_SHARE_OF_DESKTOP = 0.9
MIN_HEIGHT_PX = 480  # smaller pictures are enlarged
MAX_ENLARGEMENT = 3.0
ICON_SIDE_PX = 64
KEY_REPEAT_MS = (400, 60)  # delay and interval of a key that is held down


class Window:
    """A window of SDL; implements protocols.Screen. Used in the thread that opened it."""

    def __init__(self) -> None:
        """The window is opened on entering, and appears with the first picture."""
        self._window: pygame.Window | None = None
        self._picture: BgrImage | None = None
        self._fullscreen = self._is_visible = self._is_sized = self._is_dragging = False
        self._keys_down: set[int] = set()

    def __enter__(self) -> Self:
        """Open the window, hidden; sinks/display_check.py must have found no problem."""
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
        """Show the annotated picture; the first one sets the size of the window."""
        if not self._is_sized:
            self._is_sized = True
            self._fit(annotated.picture)
        self.show_status(annotated.picture, annotated.view)

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Show any picture."""
        window = self._opened()
        if not self._is_visible:
            self._is_visible = True
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
        """What happened since the last call; waits at most `wait_s` seconds for a first event."""
        waited_for = []
        if wait_s > 0:
            first = pygame.event.wait(max(1, int(wait_s * 1000)))
            waited_for = [first] if first.type != pygame.NOEVENT else []
        return [
            event for one in [*waited_for, *pygame.event.get()] for event in self._translate(one)
        ]

    def _translate(self, event: pygame.Event) -> Iterator[Event]:
        """livecam's event for one of SDL's, if there is one; draws again where SDL asks."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            yield Closed()
        elif event.type == pygame.KEYDOWN and (key := typed_key(event)):
            yield KeyPress(key, is_repeat=event.scancode in self._keys_down)
            self._keys_down.add(event.scancode)
        elif event.type == pygame.KEYUP:
            self._keys_down.discard(event.scancode)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._keys_down.clear()
        elif event.type == pygame.MOUSEWHEEL:
            yield Wheel(event.precise_y)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            if event.button == pygame.BUTTON_LEFT:
                self._is_dragging = event.type == pygame.MOUSEBUTTONDOWN
        elif event.type == pygame.MOUSEMOTION and self._is_dragging and self._picture is not None:
            scale = self._picture_rect(self._picture).height / self._picture.shape[0]
            yield Drag(event.rel[0] / scale, event.rel[1] / scale)
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED):
            self._draw()

    def _opened(self) -> pygame.Window:
        if self._window is None:
            raise RuntimeError("the window is used outside of its with statement")
        return self._window

    def _fit(self, picture: BgrImage) -> None:
        """Fit the window to a picture, within limits, and centre it on the desktop."""
        if self._fullscreen:
            return
        window, (height, width) = self._opened(), picture.shape[:2]
        desktop = pygame.display.get_desktop_sizes()[0]
        largest = MAX_SHARE_OF_DESKTOP * min(desktop[0] / width, desktop[1] / height)
        scale = min(max(1.0, min(MAX_ENLARGEMENT, MIN_HEIGHT_PX / height)), largest)
        window.size = max(1, round(width * scale)), max(1, round(height * scale))
        window.position = pygame.WINDOWPOS_CENTERED

    def _picture_rect(self, picture: BgrImage) -> Rect:
        """Where the picture goes in the window: as large as fits, centred."""
        (width, height), (high, wide) = self._opened().size, picture.shape[:2]
        scale = min(width / wide, height / high)
        wide, high = max(1, round(wide * scale)), max(1, round(high * scale))
        return Rect((width - wide) // 2, (height - high) // 2, wide, high)

    def _draw(self) -> None:
        if self._picture is None:
            return
        surface, rect = self._opened().get_surface(), self._picture_rect(self._picture)
        size, picture = (rect.width, rect.height), np.ascontiguousarray(self._picture)
        if picture.shape[1::-1] != size:
            is_halved = 2 * rect.width < picture.shape[1]
            method = cv2.INTER_AREA if is_halved else cv2.INTER_LINEAR
            picture = np.asarray(cv2.resize(picture, size, interpolation=method))
        if surface.get_size() != size:
            surface.fill("black")
        surface.blit(pygame.image.frombuffer(picture.data, size, "BGR"), (rect.left, rect.top))
        self._opened().flip()


def _icon() -> pygame.Surface:
    """A small daisy, seen from above."""
    side = ICON_SIDE_PX
    middle, bgr = (side // 2, side // 2), np.full((side, side, 3), (70, 120, 60), np.uint8)
    for angle in range(0, 180, 15):
        axes = (side * 15 // 32, side // 16)
        cv2.ellipse(bgr, middle, axes, angle, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
    cv2.circle(bgr, middle, side // 6, (40, 200, 250), -1, cv2.LINE_AA)
    return pygame.image.frombuffer(bgr.tobytes(), (side, side), "BGR")
