"""One opened camera, from the first request of a format to its release."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from livecam.core.types import BgrImage
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.capture_format import (
    claimed_rate,
    describe_negotiated,
    request_settings,
)
from livecam.sources.camera.driver import Driver
from livecam.sources.live.connection import CapturedPicture
from livecam.sources.pixels import read_only_image

MAX_FIRST_READS, FIRST_READS_TIMEOUT_S = 3, 1.5
"""A camera that gives no picture in so many reads, or seconds, gives none in this format."""

OLDEST_TIMESTAMP_S = 5.0
"""A capture time further in the past than this is one of another clock."""


class CameraConnection:
    """One opening of a camera; a live.connection.Connection.

    Attributes:
        rate: frames per second that the camera claims, None where it claims nothing.
        negotiated: what the camera gives, for the user; "" before the first frame.
    """

    is_finite = has_sound = False

    def __init__(
        self,
        driver: Driver,
        requested: CameraSettings,
        clock: Callable[[], float],
        *,
        compressed: bool = False,
        note: str = "",
    ) -> None:
        """`driver` is open; the settings are requested here, see `request_settings`.

        `note` is added to `negotiated`.
        """
        self._driver, self._requested, self._clock, self._note = driver, requested, clock, note
        request_settings(driver, requested, compressed=compressed)
        self.rate = claimed_rate(driver)
        self.negotiated = ""
        self._first: CapturedPicture | None = None

    def gives_pictures(self) -> bool:
        """Whether it gives pictures at all; the one that proves it is given by the next `read`."""
        started_s = self._clock()
        for _ in range(MAX_FIRST_READS):
            self._first = self.read()
            if self._first is not None:
                return True
            if self._clock() - started_s >= FIRST_READS_TIMEOUT_S:
                return False
        return False

    def read(self) -> CapturedPicture | None:
        """The next picture; None for a failed read, however the back end reports it."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            success, picture = self._driver.read()
        except cv2.error:
            return None
        if not success or picture is None or not picture.size:
            return None
        if not self.negotiated:
            self.negotiated = self._describe(picture.shape[1], picture.shape[0])
        timestamp_s = self._driver.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        if timestamp_s <= 0:
            return CapturedPicture(lambda: _to_bgr(picture))
        # V4L2 stamps with the clock that perf_counter reads on Linux; others with their own.
        is_same_clock = 0 <= self._clock() - timestamp_s < OLDEST_TIMESTAMP_S
        captured_s = timestamp_s if is_same_clock else None
        return CapturedPicture(lambda: _to_bgr(picture), timestamp_s, captured_s)

    def close(self) -> None:
        """Release the camera."""
        self._driver.release()

    def _describe(self, width: int, height: int) -> str:
        text = describe_negotiated(self._driver, self._requested, (width, height), self.rate)
        return f"{text}, {self._note}" if self._note else text


def _to_bgr(picture: Any) -> BgrImage:
    """Read-only uint8 [height, width, 3] of whatever a back end gives, grey included."""
    if picture.ndim == 2 or picture.shape[2] == 1:
        picture = np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    return read_only_image(picture)
