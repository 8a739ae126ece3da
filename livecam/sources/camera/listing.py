"""Lists the attached cameras, and finds the one that a user names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2

from livecam.core.printable_text import quoted
from livecam.errors import SettingsError, SourceError
from livecam.sources.camera.v4l2 import Mode, query_modes
from livecam.sources.live.connection import SourceAbsentError

ANY_BACKEND = int(cv2.CAP_ANY)


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera as the system lists it.

    Attributes:
        index: what OpenCV opens it with, the back end included.
        number: its number for a user, like the N of /dev/videoN.
        name: what its maker calls it.
        path: of its device file, "" where it has none.
        usb_id: vendor and product like "046d:0825", "" where unknown.
        modes: formats with sizes and rates; None where this system does not list them.
    """

    index: int
    number: int
    name: str
    path: str
    usb_id: str
    modes: list[Mode] | None = None


def list_cameras(*, backend: int = ANY_BACKEND) -> tuple[list[CameraDevice], str]:
    """Every camera, each once, and why they cannot be listed, "" where they can.

    Args:
        backend: its numbers are given; ANY_BACKEND: those that OpenCV uses by itself.
    """
    try:
        found = list(_enumerate_cameras(backend))
    except Exception as error:  # a library of the system may raise anything: 0 still opens
        return [], f"{type(error).__name__}: {error}"
    seen: dict[str, CameraDevice] = {}
    for info in found:
        device = CameraDevice(
            index=info.index + info.backend,
            number=info.index,
            name=info.name or f"camera {info.index}",
            path=info.path or "",
            usb_id=f"{info.vid:04x}:{info.pid:04x}" if info.vid and info.pid else "",
            modes=query_modes(info.path or ""),
        )
        seen.setdefault(device.path or str(device.number), device)
    return sorted(seen.values(), key=lambda device: device.number), ""


def find_camera_by_name(part: str, cameras: Sequence[CameraDevice]) -> CameraDevice | None:
    """The camera with this part in its name, in any case; None where there is none.

    Raises:
        SourceError: several match; they are listed with their numbers.
    """
    matches = [camera for camera in cameras if part.casefold() in camera.name.casefold()]
    if len(matches) > 1:
        listed = ", ".join(f"{camera.number} ({camera.name})" for camera in matches)
        raise SourceError(
            f"{len(matches)} cameras match {quoted(part)}: give one by number: {listed}."
        )
    return matches[0] if matches else None


def find_camera_again(device: CameraDevice, cameras: Sequence[CameraDevice]) -> CameraDevice | None:
    """The same camera with the number that it has now; None where it is gone.

    Of several with its name the one in the same place, else the first.
    """
    same = [camera for camera in cameras if camera.name == device.name]
    return next((c for c in same if c.path == device.path), same[0] if same else None)


def device_finder(device: CameraDevice, backend: int = ANY_BACKEND) -> Callable[[], str]:
    """What looks up what a camera is opened by now: after it was unplugged that may differ.

    It raises SourceAbsentError where the camera is gone.
    """

    def find_device() -> str:
        again = find_camera_again(device, list_cameras(backend=backend)[0])
        if again is None:
            reason = "not attached: plug it in again"
            raise SourceAbsentError(f"{device.name} is {reason}.", reason)
        return _opened_by(again, backend)

    return find_device


def named_device_finder(part: str, backend: int = ANY_BACKEND) -> Callable[[], str]:
    """The same for a camera that was not attached yet when it was named by a part of its name."""

    def find_device() -> str:
        attached, _ = list_cameras(backend=backend)
        device = find_camera_by_name(part, attached)
        if device is None:
            raise _nobody_is_called(part, attached)
        return _opened_by(device, backend)

    return find_device


def _nobody_is_called(part: str, attached: Sequence[CameraDevice]) -> SourceAbsentError:
    others = ", ".join(camera.name for camera in attached)
    there = f"but there is {others}" if others else "and none is attached"
    reason = f"no camera has {quoted(part)} in its name, {there}: plug it in"
    return SourceAbsentError(f"{reason}.", reason, reason)


def _opened_by(device: CameraDevice, backend: int) -> str:
    """What a listed camera is opened by."""
    if backend != ANY_BACKEND:
        return str(device.number)
    return device.path if device.path.startswith("/dev/") else str(device.index)


def _enumerate_cameras(backend: int = ANY_BACKEND) -> Iterable[Any]:
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    if backend in supported_backends:
        return list(enumerate_cameras(backend))
    for candidate in backends_in_order(supported_backends):
        found = enumerate_cameras(candidate)
        if found:
            return list(found)
    return []


def backends_in_order(supported: Sequence[int]) -> list[int]:
    """Those of `supported` that this OpenCV has, in the order in which it tries them.

    Each numbers the cameras in its own way: the numbers are right in this order only.
    """
    return [backend for backend in _built_in_backends() if backend in supported]


def backend_number(name: str) -> int:
    """OpenCV's number of the back end that a user names ("any", "v4l2", "msmf", ...).

    Raises:
        SettingsError: this OpenCV does not have it, or cannot open cameras with it.
    """
    number: int = getattr(cv2, f"CAP_{name.upper()}")
    built_in = _built_in_backends()
    if number != ANY_BACKEND and number not in built_in:
        get_name = cv2.videoio_registry.getBackendName
        names = ", ".join(["any", *(get_name(backend).casefold() for backend in built_in)])
        raise SettingsError(
            f"this OpenCV opens no camera with --backend {name}: use one of {names}."
        )
    return number


def _built_in_backends() -> list[int]:
    """Those of the camera back ends that this OpenCV was built with, in the order of its tries."""
    registry = cv2.videoio_registry
    return [backend for backend in registry.getCameraBackends() if registry.hasBackend(backend)]
