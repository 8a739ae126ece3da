"""Imports pygame, after the environment variables that SDL, its window library, reads."""

import os
import sys

_SDL_VARIABLES = {
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "SDL_NO_SIGNAL_HANDLERS": "1",  # livecam handles Ctrl-C and SIGTERM itself
    "SDL_FRAMEBUFFER_ACCELERATION": "0",  # OpenGL without a GPU takes 20 times longer
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "0",  # other windows keep their shadows
    "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",  # the click that brings it to the front counts
    "SDL_VIDEO_X11_WMCLASS": "livecam",
}
if sys.platform == "linux":
    # Never the bare console, which SDL would take where there is neither.
    _SDL_VARIABLES["SDL_VIDEODRIVER"] = "x11,wayland"
for _name, _value in _SDL_VARIABLES.items():
    os.environ.setdefault(_name, _value)

import pygame  # noqa: E402  (reads them when it is imported)

__all__ = ["pygame"]
