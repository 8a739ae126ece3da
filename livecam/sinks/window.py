"""The window: shows shots, hears keys, pointer and close button. One waitKey a loop."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Self

import cv2

from livecam.errors import SettingsError
from livecam.ports import Closed, Drag, Event, KeyPress, Wheel
from livecam.quiet import native_stderr_held
from livecam.values import BgrImage, Shot, View

TITLE = "livecam"
LARGEST_FIRST_SIZE_PX = (1280, 800)
_WHEEL_NOTCH = 120.0
_SHIFT_CODES = frozenset({0xFFE1, 0xFFE2})
_NUMPAD_AND_MODIFIER_MASK = 0xFFFF
SHIFT_LATCH_S = 1.0


class KeyReader:
    """From waitKeyEx's codes to keys.

    OpenCV's Qt window gives "s" for Shift+s, but tells of the Shift key itself: the letter that
    follows soon is a capital. Other windows give the capital directly.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` in seconds."""
        self._clock = clock
        self._shifted_until_s = float("-inf")

    def key_of(self, code: int) -> str | None:
        """The key as the character it types; None for no key or a modifier."""
        code &= _NUMPAD_AND_MODIFIER_MASK
        if code == _NUMPAD_AND_MODIFIER_MASK:  # -1: no key
            return None
        if code in _SHIFT_CODES:
            self._shifted_until_s = self._clock() + SHIFT_LATCH_S
            return None
        shifted = self._clock() < self._shifted_until_s
        self._shifted_until_s = float("-inf")
        if not 0 < code < 128:
            return None
        key = chr(code)
        return key.upper() if shifted and key.isalpha() else key


class Window:
    """A window of OpenCV; implements ports.Screen."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """The window opens on entering, and gets its size with the first shot."""
        self._keys = KeyReader(clock)
        self._pointer_events: list[Event] = []
        self._held_at: tuple[int, int] | None = None
        self._fullscreen = False
        self._sized = self._placed = self._was_visible = False

    def __enter__(self) -> Self:
        """Open the window; sinks/display.py must have found no problem.

        Raises:
            SettingsError: this OpenCV was built without windows.
        """
        if sys.platform == "linux":
            os.environ["QT_QPA_PLATFORM"] = "xcb"  # the only plugin in OpenCV's wheel
        flags = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
        try:
            with native_stderr_held():  # Qt complains about fonts that it does not need
                cv2.namedWindow(TITLE, flags)
                cv2.setMouseCallback(TITLE, self._on_pointer)
        except cv2.error as error:
            raise SettingsError(
                "this OpenCV cannot open windows (opencv-python-headless?): install "
                "opencv-python instead, or use --no-window with --record or --stats."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Close the window."""
        cv2.destroyAllWindows()

    def show(self, shot: Shot) -> None:
        """Put the shot's picture into the window; the first one gives it its size."""
        if not self._sized:
            _fit(shot.picture)
            self._sized = self._placed = True
        self.hold(shot.picture, shot.view)

    def hold(self, picture: BgrImage, view: View) -> None:
        """Put any picture into the window."""
        if not self._placed:
            _fit(picture)
            self._placed = True
        if view.fullscreen != self._fullscreen:
            self._fullscreen = view.fullscreen
            state = cv2.WINDOW_FULLSCREEN if self._fullscreen else cv2.WINDOW_NORMAL
            cv2.setWindowProperty(TITLE, cv2.WND_PROP_FULLSCREEN, state)
        cv2.imshow(TITLE, picture)

    def events(self, wait_s: float) -> Sequence[Event]:
        """Keys, pointer and close button since the last call; a key ends the wait."""
        code = cv2.waitKeyEx(max(1, min(1000, int(wait_s * 1000))))
        events, self._pointer_events = self._pointer_events, []
        key = self._keys.key_of(code)
        if key is not None:
            events.append(KeyPress(key))
        # Closed is what was open: a busy desktop maps a new window late.
        visible = _is_visible()
        if self._was_visible and not visible:
            events.append(Closed())
        self._was_visible = self._was_visible or visible
        return events

    def _on_pointer(self, event: int, x: int, y: int, flags: int, _: object) -> None:
        if event == cv2.EVENT_LBUTTONDOWN:
            self._held_at = (x, y)
        elif event == cv2.EVENT_LBUTTONUP:
            self._held_at = None
        elif event == cv2.EVENT_MOUSEMOVE and self._held_at is not None:
            self._pointer_events.append(Drag(x - self._held_at[0], y - self._held_at[1]))
            self._held_at = (x, y)
        elif event == cv2.EVENT_MOUSEWHEEL:
            # Python's cv2 has no getMouseWheelDelta: the delta is the signed upper half.
            delta = ((flags >> 16) + 0x8000) % 0x10000 - 0x8000
            self._pointer_events.append(Wheel(delta / _WHEEL_NOTCH))


def _fit(picture: BgrImage) -> None:
    """Give the window the size of a picture, within reason."""
    height, width = picture.shape[:2]
    scale = min(1.0, LARGEST_FIRST_SIZE_PX[0] / width, LARGEST_FIRST_SIZE_PX[1] / height)
    # Tiny pictures are enlarged: a window of 200 pixels shows nothing.
    scale = max(scale, min(3.0, 480 / height)) if height < 480 else scale
    cv2.resizeWindow(TITLE, round(width * scale), round(height * scale))


def _is_visible() -> bool:
    try:
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:  # Qt has no windows at all any more
        return False
