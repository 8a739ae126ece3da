"""The camera driver: cv2.VideoCapture behind a small Protocol, so that tests need no camera."""

import sys
from collections.abc import Callable
from typing import Any, Protocol

import cv2

from livecam.native.silenced_stderr import silenced_native_stderr


class Driver(Protocol):
    """What is used of cv2.VideoCapture."""

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's name)
        """Whether a camera was opened."""

    def read(self) -> tuple[bool, Any]:
        """Success and uint8 BGR [height, width, 3]; blocks until there is a frame."""

    def get(self, prop: int, /) -> float:
        """A property, 0 or -1 where unknown."""

    def set(self, prop: int, value: float, /) -> bool:
        """Request a property; the answer is not reliable."""

    def getBackendName(self) -> str:  # noqa: N802
        """Which interface of the system it uses, like "V4L2"."""

    def release(self) -> None:
        """Close the camera."""


OpenDriver = Callable[[int | str, int], Driver]


def open_driver(device: int | str, backend: int) -> Driver:
    """The real camera; what the back ends print on failure is suppressed."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    if sys.platform != "darwin":  # a driver may block for a minute: nothing is held meanwhile
        return cv2.VideoCapture(device, backend)
    with silenced_native_stderr():  # AVFoundation prints past every log level
        return cv2.VideoCapture(device, backend)
