"""A camera, through OpenCV; behind a small driver Protocol, so that tests need none."""

import sys
from collections.abc import Callable
from typing import Any, Protocol

import cv2
import numpy as np

from livecam.core.types import BgrImage
from livecam.errors import SourceError
from livecam.native.stderr import silenced_native_stderr
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.advice import advice_for
from livecam.sources.live.clock_and_threads import REAL_TIMES, Times
from livecam.sources.live.connection import Grab
from livecam.sources.live.live_source import Live

MJPG = "MJPG"
PLAIN_WIDTH_PX, PLAIN_RATE = 640, 30.0
"""Up to here USB 2 carries uncompressed pictures; beyond, MJPG is what makes a camera fast."""

FIRST_READS, FIRST_S = 3, 1.5
"""A camera that gives no picture in so many tries, or seconds, gives none in this format."""

OLDEST_STAMP_S = 5.0
"""A capture time further in the past than this is one of another clock."""

# Manual and automatic exposure, in each back end's own figures.
_EXPOSURE_MODES = {"V4L2": (1.0, 3.0), "DSHOW": (0.25, 0.75)}
_OTHER_EXPOSURE_MODES = (0.0, 1.0)


class Driver(Protocol):
    """What we need of cv2.VideoCapture."""

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's name)
        """Whether there is a camera behind it."""

    def read(self) -> tuple[bool, Any]:
        """Success and uint8 BGR [height, width, 3]; blocks until there is a frame."""

    def get(self, prop: int, /) -> float:
        """A property, 0 or -1 where unknown."""

    def set(self, prop: int, value: float, /) -> bool:
        """Ask for a property; the answer is not to be relied upon."""

    def getBackendName(self) -> str:  # noqa: N802
        """Which interface of the system it uses, like "V4L2"."""

    def release(self) -> None:
        """Let the camera go."""


OpenDriver = Callable[[int | str, int], Driver]


def open_driver(device: int | str, backend: int) -> Driver:
    """The real camera; what the back ends print on failure is held back."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    if sys.platform != "darwin":  # a driver may block for a minute: nothing is held meanwhile
        return cv2.VideoCapture(device, backend)
    with silenced_native_stderr():  # AVFoundation prints past every log level
        return cv2.VideoCapture(device, backend)


class CameraLink:
    """One opening of a camera; a live.link.Link.

    Attributes:
        rate: frames per second that the camera claims, None where it claims nothing.
        told: what was got, after the first frame.
    """

    has_end = False

    def __init__(
        self,
        driver: Driver,
        asked: CameraSettings,
        clock: Callable[[], float],
        *,
        compressed: bool = False,
        note: str = "",
    ) -> None:
        """`driver` is open; what is asked for is set here, see `ask_for`.

        `note` is told with what was got.
        """
        self._driver, self._asked, self._clock, self._note = driver, asked, clock, note
        ask_for(driver, asked, compressed=compressed)
        claimed = driver.get(cv2.CAP_PROP_FPS)
        self.rate = claimed if 0 < claimed < 1000 else None
        self.told = ""
        self._size_px: tuple[int, int] | None = None
        self._first: Grab | None = None

    def begins(self) -> bool:
        """Whether it gives pictures at all; the one that tells is read first."""
        began_s = self._clock()
        for _ in range(FIRST_READS):
            self._first = self.read()
            if self._first is not None:
                return True
            if self._clock() - began_s >= FIRST_S:
                return False
        return False

    def read(self) -> Grab | None:
        """The next picture; None for a failed read, in whatever way the back end says so."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            success, bgr = self._driver.read()
        except cv2.error:
            return None
        if not success or bgr is None or not bgr.size:
            return None
        if self._size_px is None:
            self._size_px = bgr.shape[1], bgr.shape[0]
            self.told = self._got(self._size_px)
        stamp_s = self._driver.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        if stamp_s <= 0:
            return Grab(lambda: frozen(bgr))
        # V4L2 stamps with the clock that perf_counter reads on Linux; others with their own.
        is_ours = 0 <= self._clock() - stamp_s < OLDEST_STAMP_S
        return Grab(lambda: frozen(bgr), stamp_s, stamp_s if is_ours else None)

    def close(self) -> None:
        """Let the camera go."""
        self._driver.release()

    def _got(self, size_px: tuple[int, int]) -> str:
        """The size of the first frame; format and rate as the camera says, if it says."""
        asked, parts = self._asked, []
        parts.append(f"{size_px[0]}x{size_px[1]}" + _instead(asked.size, asked.size_px != size_px))
        fourcc = fourcc_text(self._driver.get(cv2.CAP_PROP_FOURCC))
        if fourcc:
            parts.append(fourcc + _instead(asked.fourcc, fourcc != (asked.fourcc or "").upper()))
        if self.rate is not None:
            differs = asked.rate is not None and abs(self.rate - asked.rate) > 0.5
            rate = None if asked.rate is None else f"{asked.rate:.4g}"
            parts.append(f"{self.rate:.4g}{_instead(rate, differs)} fps promised")
        if self._note:
            parts.append(self._note)
        return ", ".join(parts)


def _instead(asked: str | None, differs: bool) -> str:  # noqa: FBT001
    return f" instead of {asked}" if asked is not None and differs else ""


def ask_for(driver: Driver, asked: CameraSettings, *, compressed: bool = False) -> None:
    """Set format, size, rate and exposure, in the order that drivers need.

    `compressed` asks for MJPG where the user named no format.
    """
    fourcc = asked.fourcc or (MJPG if compressed else None)
    if fourcc is not None:  # first: the sizes and rates that can be had depend on it
        driver.set(cv2.CAP_PROP_FOURCC, float(cv2.VideoWriter.fourcc(*fourcc.upper())))
    if asked.size_px is not None:
        driver.set(cv2.CAP_PROP_FRAME_WIDTH, float(asked.size_px[0]))
        driver.set(cv2.CAP_PROP_FRAME_HEIGHT, float(asked.size_px[1]))
    if asked.rate is not None:
        driver.set(cv2.CAP_PROP_FPS, asked.rate)
    if asked.exposure is not None:
        modes = _EXPOSURE_MODES.get(driver.getBackendName(), _OTHER_EXPOSURE_MODES)
        if asked.exposure == "auto":
            driver.set(cv2.CAP_PROP_AUTO_EXPOSURE, modes[1])
        else:
            driver.set(cv2.CAP_PROP_AUTO_EXPOSURE, modes[0])
            driver.set(cv2.CAP_PROP_EXPOSURE, float(asked.exposure))


def _is_better_compressed(asked: CameraSettings) -> bool:
    if asked.fourcc is not None:
        return False
    large = asked.size_px is not None and asked.size_px[0] > PLAIN_WIDTH_PX
    return large or (asked.rate is not None and asked.rate > PLAIN_RATE)


def fourcc_text(value: float) -> str:
    """The four letters of a format, "" where the back end gives none."""
    letters = int(value).to_bytes(4, "little", signed=False) if 0 < value < 2**32 else b""
    text = letters.decode("ascii", "replace")
    return text.strip() if text.isascii() and text.isprintable() else ""


class CameraOpener:
    """Opens one camera, anew after every loss; remembers what does not work with it.

    Attributes:
        device: an index like "0" or a path like "/dev/video0", as it was opened last.
    """

    def __init__(
        self,
        device: str,
        asked: CameraSettings,
        driver: OpenDriver,
        clock: Callable[[], float],
        find: Callable[[], str] | None = None,
    ) -> None:
        """Nothing is opened yet; for the arguments see `camera`."""
        self.device, self._find = device, find
        self._asked, self._driver, self._clock = asked, driver, clock
        self._mjpg_worked = self._mjpg_gave_nothing = False

    def __call__(self) -> CameraLink:
        """Open it, asking for compressed pictures first where they make it faster.

        Raises:
            SourceError: it is not there, busy or forbidden.
        """
        if self._find is not None:
            self.device = self._find()
        if _is_better_compressed(self._asked) and not self._mjpg_gave_nothing:
            link = CameraLink(self._opened(), self._asked, self._clock, compressed=True)
            # Known before it is tried: a read that never ends must not be begun twice.
            self._mjpg_gave_nothing = not self._mjpg_worked
            if link.begins():
                self._mjpg_worked, self._mjpg_gave_nothing = True, False
                return link
            link.close()  # some promise MJPG and then give nothing
            self._mjpg_gave_nothing = True
        note = f"{MJPG} gave nothing" if self._mjpg_gave_nothing else ""
        try:
            return CameraLink(self._opened(), self._asked, self._clock, note=note)
        except SourceError:  # it is gone altogether: that was not the fault of MJPG
            self._mjpg_gave_nothing = self._mjpg_gave_nothing and not self._mjpg_worked
            raise

    def _opened(self) -> Driver:
        return _opened(self.device, self._asked, self._driver)


def _opened(device: str, asked: CameraSettings, driver: OpenDriver) -> Driver:
    backend = getattr(cv2, f"CAP_{asked.backend.upper()}")
    if device.startswith("/dev/") and backend == cv2.CAP_ANY:
        # By itself OpenCV tries FFmpeg first with a path, which takes neither size nor rate.
        backend = cv2.CAP_V4L2
    opened = driver(int(device) if device.isdigit() else device, backend)
    if not opened.isOpened():
        opened.release()
        raise SourceError(f"{camera_title(device)} did not open: {advice_for(device)}.")
    return opened


def camera_title(device: str, name: str = "") -> str:
    """The camera's name, else `camera 0` or the path."""
    return name or (f"camera {device}" if device.isdigit() else device)


def camera(
    device: str,
    asked: CameraSettings | None = None,
    *,
    name: str = "",
    find: Callable[[], str] | None = None,
    driver: OpenDriver = open_driver,
    times: Times = REAL_TIMES,
) -> Live:
    """A camera as a source, not yet opened.

    Args:
        device: an index like "0" or a path like "/dev/video0".
        asked: what it is asked for.
        name: what its maker calls it.
        find: looks up, before each opening, what it is opened by now instead of `device`; raises
            SourceError where it is gone.
        driver: opens a driver; a scripted one in tests.
        times: clock and threads.
    """
    asked = asked or CameraSettings()
    opener = CameraOpener(device, asked, driver, times.clock, find)
    return Live(
        camera_title(device, name),
        opener,
        every=asked.latency == "every",
        give_up_s=asked.give_up,
        advice=lambda: advice_for(opener.device, opened=True),
        times=times,
    )


def frozen(bgr: Any) -> BgrImage:
    """Read-only uint8 [height, width, 3] of whatever a back end gives."""
    picture = np.ascontiguousarray(bgr, dtype=np.uint8)
    if picture.ndim == 2 or picture.shape[2] == 1:  # grey cameras
        picture = np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    picture.flags.writeable = False
    return BgrImage(picture)
