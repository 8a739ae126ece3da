"""Size, rate, pixel format and exposure: how a camera is asked for them, and what it gave."""

import cv2

from livecam.settings.schema import CameraSettings
from livecam.sources.camera.driver import Driver

MJPG = "MJPG"
UNCOMPRESSED_WIDTH_PX, UNCOMPRESSED_RATE = 640, 30.0
"""Up to here USB 2 carries uncompressed pictures; beyond, MJPG is what makes a camera fast."""

RATE_TOLERANCE = 0.5
HIGHEST_RATE = 1000.0

# Manual and automatic exposure, in each back end's own values.
_EXPOSURE_MODES = {"V4L2": (1.0, 3.0), "DSHOW": (0.25, 0.75)}
_OTHER_EXPOSURE_MODES = (0.0, 1.0)


def request_settings(
    driver: Driver, requested: CameraSettings, *, compressed: bool = False
) -> None:
    """Set format, size, rate and exposure, in the order that drivers need.

    `compressed` requests MJPG where the user named no format.
    """
    fourcc = requested.fourcc or (MJPG if compressed else None)
    if fourcc is not None:  # first: the possible sizes and rates depend on it
        driver.set(cv2.CAP_PROP_FOURCC, float(cv2.VideoWriter.fourcc(*fourcc.upper())))
    if requested.size_px is not None:
        driver.set(cv2.CAP_PROP_FRAME_WIDTH, float(requested.size_px[0]))
        driver.set(cv2.CAP_PROP_FRAME_HEIGHT, float(requested.size_px[1]))
    if requested.rate is not None:
        driver.set(cv2.CAP_PROP_FPS, requested.rate)
    if requested.exposure is not None:
        _request_exposure(driver, requested.exposure)


def _request_exposure(driver: Driver, exposure: str | float) -> None:
    """`exposure` is "auto", or a value in the back end's own unit."""
    modes = _EXPOSURE_MODES.get(driver.getBackendName(), _OTHER_EXPOSURE_MODES)
    if exposure == "auto":
        driver.set(cv2.CAP_PROP_AUTO_EXPOSURE, modes[1])
    else:
        driver.set(cv2.CAP_PROP_AUTO_EXPOSURE, modes[0])
        driver.set(cv2.CAP_PROP_EXPOSURE, float(exposure))


def prefers_compressed(requested: CameraSettings) -> bool:
    """Whether MJPG is to be tried first: the user named no format, and wants much."""
    if requested.fourcc is not None:
        return False
    is_wide = requested.size_px is not None and requested.size_px[0] > UNCOMPRESSED_WIDTH_PX
    return is_wide or (requested.rate is not None and requested.rate > UNCOMPRESSED_RATE)


def claimed_rate(driver: Driver) -> float | None:
    """Frames per second that the camera claims, None where it claims nothing."""
    claimed = driver.get(cv2.CAP_PROP_FPS)
    return claimed if 0 < claimed < HIGHEST_RATE else None


def describe_negotiated(
    driver: Driver, requested: CameraSettings, size_px: tuple[int, int], rate: float | None
) -> str:
    """What the camera gives and, where that differs, what was requested, for the user.

    Args:
        driver: it tells the format.
        requested: the user's settings.
        size_px: of the first frame: what the camera claims is not reliable.
        rate: frames per second that the camera claims.
    """
    size = f"{size_px[0]}x{size_px[1]}"
    parts = [size + _instead_of(requested.size, is_other=requested.size_px != size_px)]
    fourcc = fourcc_text(driver.get(cv2.CAP_PROP_FOURCC))
    if fourcc:
        is_other = fourcc != (requested.fourcc or "").upper()
        parts.append(fourcc + _instead_of(requested.fourcc, is_other=is_other))
    if rate is not None:
        is_other = requested.rate is not None and abs(rate - requested.rate) > RATE_TOLERANCE
        wanted = None if requested.rate is None else f"{requested.rate:.4g}"
        parts.append(f"{rate:.4g}{_instead_of(wanted, is_other=is_other)} fps reported")
    return ", ".join(parts)


def _instead_of(requested: str | None, *, is_other: bool) -> str:
    return f" instead of {requested}" if requested is not None and is_other else ""


def fourcc_text(value: float) -> str:
    """The four letters of a format, "" where the back end gives none."""
    letters = int(value).to_bytes(4, "little", signed=False) if 0 < value < 2**32 else b""
    text = letters.decode("ascii", "replace")
    return text.strip() if text.isascii() and text.isprintable() else ""
