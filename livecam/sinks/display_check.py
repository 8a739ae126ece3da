"""Checks whether a window can be opened here, and why not."""

import os
import sys

from livecam.native.silenced_stderr import silenced_native_stderr


def display_problem() -> str | None:
    """Why no window can be opened, or None where one can.

    Connects to the display: one that is named and does not answer would be found out too late.
    """
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not named:
        return "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    try:
        from livecam.sinks.pygame_setup import pygame
    except ImportError as error:
        return f"pygame cannot be loaded ({error}): pip install pygame-ce"
    try:
        with silenced_native_stderr():  # Wayland's library prints before it gives up
            pygame.display.init()
    except pygame.error as error:
        return f"the display {named} does not answer" if named else f"no display: {error}"
    pygame.display.quit()
    return None
