"""Which cameras are attached, and the one that a person names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from livecam.errors import SourceError
from livecam.sources.v4l2 import Mode, modes_of


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera as the system lists it.

    Attributes:
        index: what OpenCV opens it with, the back end included.
        number: its number for a person, like the N of /dev/videoN.
        name: what its maker calls it.
        path: where the system keeps it, "" where it has no path.
        usb_id: vendor and product like "046d:0825", "" where unknown.
        modes: formats with sizes and rates; None where this system does not tell them.
    """

    index: int
    number: int
    name: str
    path: str
    usb_id: str
    modes: list[Mode] | None = None


def attached_cameras(listed: Callable[[], Iterable[Any]] | None = None) -> list[CameraDevice]:
    """Every camera, each once; `listed` stands in for the system in tests."""
    seen: dict[str, CameraDevice] = {}
    for info in (listed or _system_cameras)():
        device = CameraDevice(
            index=info.index + info.backend,
            number=info.index,
            name=info.name or f"camera {info.index}",
            path=info.path or "",
            usb_id=f"{info.vid:04x}:{info.pid:04x}" if info.vid and info.pid else "",
            modes=modes_of(info.path or ""),
        )
        seen.setdefault(device.path or str(device.number), device)
    return sorted(seen.values(), key=lambda device: device.number)


def camera_named(part: str, cameras: Sequence[CameraDevice]) -> CameraDevice | None:
    """The camera with this part in its name, in any case; None where there is none.

    Raises:
        SourceError: several match; they are listed with their numbers.
    """
    matches = [camera for camera in cameras if part.casefold() in camera.name.casefold()]
    if len(matches) > 1:
        listed = ", ".join(f"{camera.number} ({camera.name})" for camera in matches)
        raise SourceError(f"{len(matches)} cameras match {part!r}: give one by number: {listed}.")
    return matches[0] if matches else None


def _system_cameras() -> Iterable[Any]:
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    # The last of the back ends is the system's plain one (V4L2, AVFoundation, DirectShow).
    for backend in reversed(supported_backends):
        found = enumerate_cameras(backend)
        if found:
            return list(found)
    return []
