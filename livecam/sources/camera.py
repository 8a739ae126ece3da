"""A camera, through OpenCV; behind a small driver Protocol, so that tests need none."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import cv2
import numpy as np

from livecam.errors import SourceError, SourceLostError
from livecam.quiet import native_stderr_held
from livecam.values import BgrImage, Frame


class Driver(Protocol):
    """What a Camera needs of cv2.VideoCapture."""

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's name)
        """Whether there is a camera behind it."""

    def read(self) -> tuple[bool, Any]:
        """Success and uint8 BGR [height, width, 3]; blocks until there is a frame."""

    def get(self, prop: int, /) -> float:
        """A property, 0 or -1 where unknown."""

    def release(self) -> None:
        """Let the camera go."""


def open_driver(device: int | str) -> Driver:
    """The real camera; what the back ends print on failure is held back."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    with native_stderr_held():
        return cv2.VideoCapture(device)


class Camera:
    """A camera; implements ports.Source. Times are those at which frames arrived."""

    is_live = True
    holds_last = False
    frame_count = None
    FAILED_READS = 10
    """So many failed reads in a row mean that the camera is gone."""

    def __init__(
        self,
        device: str,
        *,
        title: str = "",
        driver: Callable[[int | str], Driver] = open_driver,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`device` is an index like "0" or a path like "/dev/video0"; `title` is its name."""
        self._device, self._title = device, title
        self._open_driver = driver
        self._clock = clock
        self._driver: Driver | None = None

    @property
    def title(self) -> str:
        """The camera's name, else `camera 0` or the path."""
        if self._title:
            return self._title
        return f"camera {self._device}" if self._device.isdigit() else self._device

    @property
    def rate(self) -> float | None:
        """What the camera claims, None where it claims nothing."""
        claimed = self._opened().get(cv2.CAP_PROP_FPS)
        return claimed if claimed > 0 else None

    def __enter__(self) -> Self:
        """Open the camera.

        Raises:
            SourceError: it is not there, busy or forbidden.
        """
        driver = self._open_driver(int(self._device) if self._device.isdigit() else self._device)
        if not driver.isOpened():
            driver.release()
            raise SourceError(self._advice())
        self._driver = driver
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the camera go."""
        if self._driver is not None:
            self._driver.release()
            self._driver = None

    def __iter__(self) -> Iterator[Frame]:
        """Frames as they come.

        Raises:
            SourceLostError: it gives no more frames.
        """
        driver = self._opened()
        first_s: float | None = None
        index = failures = 0
        time_s = -1.0
        while failures < self.FAILED_READS:
            bgr = _read(driver)
            if bgr is None:
                failures += 1
                continue
            failures = 0
            now_s = self._clock()
            first_s = now_s if first_s is None else first_s
            # A clock may stand still for two frames; times must not.
            time_s = max(now_s - first_s, time_s + 1e-6) if index else 0.0
            yield Frame(_frozen(bgr), index, time_s)
            index += 1
        raise SourceLostError(
            f"{self.title} gives no more frames (after {index}): is it unplugged? "
            "Plug it in and start again."
        )

    def _advice(self) -> str:
        """Why it may not have opened, with the way out."""
        path = Path(f"/dev/video{self._device}" if self._device.isdigit() else self._device)
        way_out = "Without a camera, try a clip or picture, livecam daisy, or livecam demo"
        if sys.platform == "linux" and not path.exists():
            return f"{self.title} did not open: there is no {path} here. {way_out}"
        if sys.platform == "linux" and not os.access(path, os.R_OK | os.W_OK):
            return (
                f"{self.title} did not open: no permission for {path}. "
                "Join the group video: sudo usermod -aG video $USER, then log in again."
            )
        allowed = " or not allowed in System Settings, Privacy" if sys.platform == "darwin" else ""
        return f"{self.title} did not open: is another program using it{allowed}? {way_out}"

    def _opened(self) -> Driver:
        if self._driver is None:
            raise RuntimeError("a Camera is used inside a with statement")
        return self._driver


def _read(driver: Driver) -> Any:
    """One picture; None for a failed read, in whatever way the back end says so."""
    try:
        success, bgr = driver.read()
    except cv2.error:
        return None
    return bgr if success and bgr is not None and bgr.size else None


def _frozen(bgr: Any) -> BgrImage:
    picture = np.ascontiguousarray(bgr, dtype=np.uint8)
    if picture.ndim == 2 or picture.shape[2] == 1:  # grey cameras
        picture = np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    picture.flags.writeable = False
    return BgrImage(picture)
