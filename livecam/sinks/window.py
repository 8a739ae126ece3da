"""The window: shows frames below its own text; gives key, pointer, wheel and close events."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Self

import cv2
import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.class_entry import ENTRY_KEY
from livecam.core.events import Click, Closed, Drag, Event, KeyPress, Wheel
from livecam.core.screen_layer import draw_frame_layer
from livecam.core.status_card import StatusCard
from livecam.core.text import Rect
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.sinks.keyboard import KEY_REPEAT_MS, typed_key
from livecam.sinks.pygame_setup import pygame
from livecam.sinks.typed_class import TypedClass

TITLE = "livecam"
MAX_SHARE_OF_DESKTOP = 0.9
MIN_HEIGHT_PX = 480  # smaller pictures are enlarged
MAX_ENLARGEMENT = 3.0
ICON_SIDE_PX = 64
MASKS_OF_BGRX = (0xFF0000, 0xFF00, 0xFF)

Layer = Callable[[BgrImage, Rect], None]
"""Writes onto a canvas of the window's size that has the picture at this place."""


def _no_layer(_canvas: BgrImage, _place: Rect) -> None:
    """Nothing is written."""


class Window:
    """A window of SDL; implements protocols.Screen. Used in the thread that opened it."""

    def __init__(self) -> None:
        """The window is opened on entering, and appears with the first picture."""
        self._typed = TypedClass()
        self._shows_frame = False
        self._window: pygame.Window | None = None
        self._picture: BgrImage | None = None
        self._layer: Layer = _no_layer
        self._buffer = BgrImage(np.zeros((0, 0, 3), np.uint8))
        self._fullscreen = self._is_visible = self._is_sized = False
        self._is_dragging = self._has_dragged = False
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
        """Show a frame with the window's text; the first one sets the size of the window."""
        if not self._is_sized:
            self._is_sized = True
            self._fit(annotated.painted)
        self._shows_frame = True
        self._present(
            annotated.painted, partial(draw_frame_layer, annotated=annotated), annotated.view
        )

    def show_status(self, card: StatusCard, view: View) -> None:
        """Show what belongs to no frame."""
        self._shows_frame = False
        self._typed.end()
        self._present(card.ground, lambda canvas, _: card.draw_layer(canvas), view)

    def _present(self, picture: BgrImage, layer: Layer, view: View) -> None:
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
        self._picture, self._layer = picture, layer
        self._draw()

    def events(self, wait_s: float) -> Sequence[Event]:
        """What happened since the last call; waits at most `wait_s` seconds for a first event."""
        waited_for = []
        if wait_s > 0:
            first = pygame.event.wait(max(1, int(wait_s * 1000)))
            waited_for = [first] if first.type != pygame.NOEVENT else []
        ended = self._typed.ended()
        translated = (self._translate(one) for one in [*waited_for, *pygame.event.get()])
        return [*([ended] if ended else []), *(event for events in translated for event in events)]

    def _translate(self, event: pygame.Event) -> Iterator[Event]:
        """livecam's event for one of SDL's, if there is one; draws again where SDL asks."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            yield Closed()
        elif event.type == pygame.KEYDOWN:
            yield from self._key(event)
        elif event.type == pygame.KEYUP:
            self._keys_down.discard(event.scancode)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._keys_down.clear()
        elif event.type == pygame.MOUSEWHEEL:
            yield Wheel(event.precise_y)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            if event.button == pygame.BUTTON_LEFT:
                yield from self._button(event, is_down=event.type == pygame.MOUSEBUTTONDOWN)
        elif event.type == pygame.MOUSEMOTION and self._is_dragging and self._picture is not None:
            self._has_dragged = True
            scale = self._picture_rect(self._picture).height / self._picture.shape[0]
            yield Drag(event.rel[0] / scale, event.rel[1] / scale)
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED):
            self._draw()

    def _key(self, event: pygame.Event) -> Iterator[Event]:
        """A key of the table, or a letter of the name of a class that is being typed."""
        is_repeat = event.scancode in self._keys_down
        self._keys_down.add(event.scancode)  # Esc that is held ends the entry, not the program
        if self._typed.is_typing:
            if typed := self._typed.press(event):
                yield typed
        elif (key := typed_key(event)) == ENTRY_KEY and self._shows_frame and not is_repeat:
            yield self._typed.begin()
        elif key:
            yield KeyPress(key, is_repeat=is_repeat)

    def _button(self, event: pygame.Event, *, is_down: bool) -> Iterator[Event]:
        """The left button: held it drags; let go where it was pressed it is a click."""
        was_pressed, self._is_dragging = self._is_dragging, is_down
        if is_down:
            self._has_dragged = False
        elif was_pressed and not self._has_dragged and self._picture is not None:
            place, (x, y) = self._picture_rect(self._picture), event.pos
            yield Click((x - place.left) / place.width, (y - place.top) / place.height)

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
        """Put the picture on the window's surface, write the layer above it, and show that."""
        if self._picture is None:
            return
        surface, place = self._opened().get_surface(), self._picture_rect(self._picture)
        self._compose(surface, self._picture, place)
        self._opened().flip()

    def _compose(self, surface: pygame.Surface, picture: BgrImage, place: Rect) -> None:
        """Everything that the window shows, drawn in the memory of its surface."""
        pixels = _pixels_of(surface)
        canvas = pixels
        if canvas is None:
            canvas = BgrImage(np.zeros((*surface.get_size()[::-1], 3), np.uint8))
        height, width = canvas.shape[:2]
        if (width, height) != (place.width, place.height):
            canvas[:] = 0
        _put_into(place.part_of(canvas), self._scaled(picture, place))
        self._layer(canvas, place)
        if pixels is None:
            surface.blit(pygame.image.frombuffer(canvas.data, (width, height), "BGR"), (0, 0))

    def _scaled(self, picture: BgrImage, place: Rect) -> BgrImage:
        """The picture in the size of its place; valid until the next one."""
        if picture.shape[:2] == (place.height, place.width):
            return picture
        if self._buffer.shape[:2] != (place.height, place.width):
            self._buffer = BgrImage(np.zeros((place.height, place.width, 3), np.uint8))
        method = cv2.INTER_AREA if 2 * place.width < picture.shape[1] else cv2.INTER_LINEAR
        size = (place.width, place.height)
        cv2.resize(picture, size, dst=self._buffer, interpolation=method)
        return self._buffer


def _pixels_of(surface: pygame.Surface) -> BgrImage | None:
    """The memory of a surface as [height, width, 4]: BGR and a byte that nobody looks at.

    To draw there takes a third of the time that SDL takes to convert a picture. None where the
    surface has another format.
    """
    if surface.get_bitsize() != 32 or surface.get_masks()[:3] != MASKS_OF_BGRX:
        return None
    width, height = surface.get_size()
    buffer: Any = surface.get_buffer()
    rows = np.frombuffer(buffer, np.uint8).reshape(height, surface.get_pitch())
    return BgrImage(rows[:, : 4 * width].reshape(height, width, 4))


def _put_into(area: BgrImage, picture: BgrImage) -> None:
    """Fill an area of three or four channels with a picture of its size."""
    if area.shape[2] == picture.shape[2]:
        np.copyto(area, picture)
    else:
        cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA, dst=area)


def _icon() -> pygame.Surface:
    """A small daisy, seen from above."""
    side = ICON_SIDE_PX
    middle, bgr = (side // 2, side // 2), np.full((side, side, 3), (70, 120, 60), np.uint8)
    for angle in range(0, 180, 15):
        axes = (side * 15 // 32, side // 16)
        cv2.ellipse(bgr, middle, axes, angle, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
    cv2.circle(bgr, middle, side // 6, (40, 200, 250), -1, cv2.LINE_AA)
    return pygame.image.frombuffer(bgr.tobytes(), (side, side), "BGR")
