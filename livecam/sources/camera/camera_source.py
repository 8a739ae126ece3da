"""A camera as a live source: how it is opened, and opened again after a loss."""

from collections.abc import Callable

import cv2

from livecam.core.types import CameraChoice
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.advice import advice_for, cause_of, is_forbidden
from livecam.sources.camera.capture_format import MJPG, prefers_compressed
from livecam.sources.camera.connection import CameraConnection
from livecam.sources.camera.driver import Driver, OpenDriver, open_driver
from livecam.sources.camera.listing import CameraDevice, device_finder, list_cameras
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.connection import SourceAbsentError
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
        self._mjpg_worked = self._mjpg_gave_nothing = self._was_absent = False

    def __call__(self) -> CameraConnection:
        """Open it, with MJPG first where that makes it faster.

        Raises:
            SourceAbsentError: it is not there, or busy.
            SourceError: it is forbidden, and was so at the last try if there was one.
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
        device, backend = self.device, getattr(cv2, f"CAP_{self._requested.backend.upper()}")
        if device.startswith("/dev/") and backend == cv2.CAP_ANY:
            # With a path OpenCV tries FFmpeg first, which takes neither size nor rate.
            backend = cv2.CAP_V4L2
        driver = self._open_driver(int(device) if device.isdigit() else device, backend)
        if driver.isOpened():
            self._was_absent = False
            return driver
        driver.release()
        raise self._not_opened()

    def _not_opened(self) -> SourceError:
        """The error for a camera that did not open: absent, unless it stays forbidden."""
        device, was_absent = self.device, self._was_absent
        advice = advice_for(device)
        told = f"{camera_title(device)} did not open: {advice}"
        # Linux makes the file of a camera that was just attached first, and permits it then.
        self._was_absent = not is_forbidden(device)
        if self._was_absent or was_absent:
            told += "; --give-up 60 waits for one that comes later."
            return SourceAbsentError(told, cause_of(device), advice)
        return SourceError(f"{told}.")


def camera_title(device: str, name: str = "") -> str:
    """The camera's name, else `camera 0` or the path."""
    return name or (f"camera {device}" if device.isdigit() else device)


def create_camera_source(
    device: str,
    requested: CameraSettings | None = None,
    *,
    name: str = "",
    find_device: Callable[[], str] | None = None,
    waits: bool = False,
    open_driver: OpenDriver = open_driver,
    system: ClockAndThreads = SYSTEM,
) -> "CameraSource":
    """A camera as a source, not yet opened.

    Args:
        device: an index like "0" or a path like "/dev/video0".
        requested: the user's settings of the camera.
        name: what its maker calls it.
        find_device: looks up, before each opening, what it is opened by now instead of `device`;
            raises SourceError where it is gone.
        waits: whether one that does not open at the start is waited for.
        open_driver: opens a driver; a simulated one in tests.
        system: clock and threads.
    """
    requested = requested or CameraSettings()

    def connector_to(device: str, find_device: Callable[[], str] | None) -> CameraConnector:
        return CameraConnector(device, requested, open_driver, system.clock, find_device)

    first = connector_to(device, find_device)
    backend = getattr(cv2, f"CAP_{requested.backend.upper()}")
    every_frame = requested.latency == "every"
    options = ReadingOptions(every_frame, requested.give_up, waits_at_start=waits)
    return CameraSource(
        camera_title(device, name),
        first,
        connector_to,
        backend=backend,
        options=options,
        system=system,
    )


class CameraSource(LiveSource):
    """A camera; implements protocols.HasCameras, too."""

    def __init__(
        self,
        title: str,
        connector: CameraConnector,
        connector_to: Callable[[str, Callable[[], str] | None], CameraConnector],
        *,
        backend: int,
        options: ReadingOptions,
        system: ClockAndThreads,
    ) -> None:
        """Nothing is opened yet; for the arguments see `create_camera_source` and LiveSource.

        Args:
            title: what the user calls the camera.
            connector: opens it.
            connector_to: makes what opens another one, from its device and what finds it again.
            backend: OpenCV's number of the back end that gives cameras their numbers.
            options: how it is read.
            system: clock and threads.
        """
        super().__init__(
            title,
            connector,
            options,
            advice=lambda: advice_for(self._connector.device, opened=True),
            system=system,
        )
        self._connector, self._connector_to = connector, connector_to
        self._backend = backend
        self._listed: list[CameraDevice] = []

    def cameras(self) -> list[CameraChoice]:
        """Those that are attached now, by number; without what records no pictures."""
        attached, _ = list_cameras(backend=self._backend)
        self._listed = [camera for camera in attached if camera.modes != []]
        return [CameraChoice(c.number, c.name, self._is_shown(c)) for c in self._listed]

    def switch_camera(self, number: int) -> bool:
        """Show one of those that were listed last; False where it is shown already, or unknown."""
        camera = next((c for c in self._listed if c.number == number), None)
        if camera is None or self._is_shown(camera):
            return False
        find_device = device_finder(camera, self._backend)
        device = camera.path or str(camera.number)
        self._connector = self._connector_to(device, find_device)
        self.title = camera_title(device, camera.name)
        self._reconnection.switch(self._connector)
        return True

    def _is_shown(self, camera: CameraDevice) -> bool:
        ways = {camera.path, str(camera.number), str(camera.index)} - {""}
        return self._connector.device in ways
