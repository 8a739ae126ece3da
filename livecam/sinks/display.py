"""Whether a window can be opened: OpenCV aborts the whole process where it cannot."""

import ctypes
import os
import sys


def display_problem() -> str | None:
    """Why no window can be opened, or None where one can.

    On Linux the X server is really asked, through the same library that OpenCV's Qt uses: a
    DISPLAY that is set but dead would otherwise end the process with an abort.
    """
    if sys.platform != "linux":
        return None
    if not os.environ.get("DISPLAY"):
        if os.environ.get("WAYLAND_DISPLAY"):
            return "there is only Wayland here, and OpenCV's window needs X11 (XWayland)"
        return "there is no display here (DISPLAY is not set)"
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return "the library libX11.so.6 is missing (install libx11-6)"
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(None)
    if not connection:
        return f"the display {os.environ['DISPLAY']} does not answer"
    x11.XCloseDisplay(connection)
    return None
