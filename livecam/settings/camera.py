"""Settings of cameras and streams: size, rate, format, latency, and what a lost source does."""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.allowed_values import check_size, size_px
from livecam.settings.groups import CAMERA


def check_fourcc(_: object, fourcc: str | None) -> None:
    """Four printable ASCII characters."""
    if fourcc is not None and not re.fullmatch(r"[ -~]{4}", fourcc):
        raise ValueError("must be four letters, like MJPG or YUYV.")


def check_exposure(_: object, exposure: "float | str | None") -> None:
    """A finite number, or auto."""
    if exposure not in (None, "auto") and not math.isfinite(float(exposure)):
        raise ValueError('must be a number or "auto".')


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What a camera is asked for, and how cameras and streams are read."""

    size: Annotated[str | None, Parameter(group=CAMERA, validator=check_size)] = None
    """Ask the camera for this size, like 1280x720."""

    rate: Annotated[float | None, Parameter(group=CAMERA, validator=Number(gt=0, lte=1000))] = None
    """Ask the camera for this many frames per second."""

    fourcc: Annotated[str | None, Parameter(group=CAMERA, validator=check_fourcc)] = None
    """Ask the camera for this pixel format, like MJPG or YUYV; by default a suitable one."""

    backend: Annotated[
        Literal["any", "v4l2", "gstreamer", "msmf", "dshow", "avfoundation", "ffmpeg"],
        Parameter(group=CAMERA),
    ] = "any"
    """OpenCV backend that opens the camera: any uses the system's own."""

    exposure: Annotated[
        float | Literal["auto"] | None,
        Parameter(group=CAMERA, validator=check_exposure, allow_leading_hyphen=True),
    ] = None
    """Exposure in the camera's own units, or auto; by default the camera's setting is kept."""

    latency: Annotated[Literal["newest", "every"], Parameter(group=CAMERA)] = "newest"
    """Show the newest frame and drop older ones, or every frame, however late."""

    lost: Annotated[Literal["freeze", "gap"], Parameter(group=CAMERA)] = "freeze"
    """Record the last picture with a status card while the source is lost, or leave a gap.
    --seconds counts that time either way."""

    give_up: Annotated[float | None, Parameter(group=CAMERA, validator=Number(gte=0))] = None
    """Seconds to wait for a source that is lost or not there yet; by default without limit. A local
    camera that is not there at the start is waited for only with this, or with a web page."""

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height, None where the camera is not asked for a size."""
        return None if self.size is None else size_px(self.size)
