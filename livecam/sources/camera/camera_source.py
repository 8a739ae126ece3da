"""A camera as a live source: how it is opened, and opened again after a loss."""

from collections.abc import Callable

import cv2

from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.advice import advice_for
from livecam.sources.camera.capture_format import MJPG, prefers_compressed
from livecam.sources.camera.connection import CameraConnection
from livecam.sources.camera.driver import Driver, OpenDriver, open_driver
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.live_source import LiveSource
from livecam.sources.live.reconnection import ReadingOptions


class CameraConnector:
    """Opens one camera, again after every loss; remembers whether MJPG works with it.

    Attributes:
        device: an index like "0" or a path like "/dev/video0", as it was opened last.
    """

    def __init__(
        self,
        device: str,
        requested: CameraSettings,
        open_driver: OpenDriver,
        clock: Callable[[], float],
        find_device: Callable[[], str] | None = None,
    ) -> None:
        """Nothing is opened yet; for the arguments see `create_camera_source`."""
        self.device, self._find_device = device, find_device
        self._requested, self._open_driver, self._clock = requested, open_driver, clock
        self._mjpg_worked = self._mjpg_gave_nothing = False

    def __call__(self) -> CameraConnection:
        """Open it, with MJPG first where that makes it faster.

        Raises:
            SourceError: it is not there, busy or forbidden.
        """
        if self._find_device is not None:
            self.device = self._find_device()
        if prefers_compressed(self._requested) and not self._mjpg_gave_nothing:
            connection = CameraConnection(
                self._open(), self._requested, self._clock, compressed=True
            )
            # Set before it is tried: a read that never returns must not be tried twice.
            self._mjpg_gave_nothing = not self._mjpg_worked
            if connection.gives_pictures():
                self._mjpg_worked, self._mjpg_gave_nothing = True, False
                return connection
            connection.close()  # some cameras claim MJPG and then give no picture
            self._mjpg_gave_nothing = True
        note = f"no picture with {MJPG}" if self._mjpg_gave_nothing else ""
        try:
            return CameraConnection(self._open(), self._requested, self._clock, note=note)
        except SourceError:  # it is gone altogether: that was not the fault of MJPG
            self._mjpg_gave_nothing = self._mjpg_gave_nothing and not self._mjpg_worked
            raise

    def _open(self) -> Driver:
        return _open_device(self.device, self._requested, self._open_driver)


def _open_device(device: str, requested: CameraSettings, open_driver: OpenDriver) -> Driver:
    backend = getattr(cv2, f"CAP_{requested.backend.upper()}")
    if device.startswith("/dev/") and backend == cv2.CAP_ANY:
        # With a path OpenCV tries FFmpeg first, which takes neither size nor rate.
        backend = cv2.CAP_V4L2
    driver = open_driver(int(device) if device.isdigit() else device, backend)
    if not driver.isOpened():
        driver.release()
        raise SourceError(f"{camera_title(device)} did not open: {advice_for(device)}.")
    return driver


def camera_title(device: str, name: str = "") -> str:
    """The camera's name, else `camera 0` or the path."""
    return name or (f"camera {device}" if device.isdigit() else device)


def create_camera_source(
    device: str,
    requested: CameraSettings | None = None,
    *,
    name: str = "",
    find_device: Callable[[], str] | None = None,
    open_driver: OpenDriver = open_driver,
    system: ClockAndThreads = SYSTEM,
) -> LiveSource:
    """A camera as a source, not yet opened.

    Args:
        device: an index like "0" or a path like "/dev/video0".
        requested: the user's settings of the camera.
        name: what its maker calls it.
        find_device: looks up, before each opening, what it is opened by now instead of `device`;
            raises SourceError where it is gone.
        open_driver: opens a driver; a simulated one in tests.
        system: clock and threads.
    """
    requested = requested or CameraSettings()
    connector = CameraConnector(device, requested, open_driver, system.clock, find_device)
    return LiveSource(
        camera_title(device, name),
        connector,
        ReadingOptions(requested.latency == "every", requested.give_up),
        advice=lambda: advice_for(connector.device, opened=True),
        system=system,
    )
