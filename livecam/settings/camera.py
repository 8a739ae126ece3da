"""Settings of cameras and streams: size, rate, format, latency, and what a lost source does."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import check_exposure, check_fourcc, check_size, size_px

_GROUP = Group("Camera and stream", sort_key=6)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What a camera is asked for, and how cameras and streams are read."""

    size: Annotated[str | None, Parameter(group=_GROUP, validator=check_size)] = None
    """Ask the camera for this size, like 1280x720."""

    rate: Annotated[float | None, Parameter(group=_GROUP, validator=Number(gt=0, lte=1000))] = None
    """Ask the camera for this many frames per second."""

    fourcc: Annotated[str | None, Parameter(group=_GROUP, validator=check_fourcc)] = None
    """Ask the camera for this pixel format, like MJPG or YUYV; by default a suitable one."""

    backend: Annotated[
        Literal["any", "v4l2", "gstreamer", "msmf", "dshow", "avfoundation", "ffmpeg"],
        Parameter(group=_GROUP),
    ] = "any"
    """OpenCV backend that opens the camera: any uses the system's own."""

    exposure: Annotated[
        float | Literal["auto"] | None,
        Parameter(group=_GROUP, validator=check_exposure, allow_leading_hyphen=True),
    ] = None
    """Exposure in the camera's own units, or auto; by default the camera's setting is kept."""

    latency: Annotated[Literal["newest", "every"], Parameter(group=_GROUP)] = "newest"
    """Show the newest frame and drop older ones, or every frame, however late."""

    lost: Annotated[Literal["freeze", "gap"], Parameter(group=_GROUP)] = "freeze"
    """Record the last picture with a status card while the source is lost, or leave a gap."""

    give_up: Annotated[float | None, Parameter(group=_GROUP, validator=Number(gte=0))] = None
    """Seconds to wait for a source that is lost or does not answer; by default without limit."""

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height, None where the camera is not asked for a size."""
        return None if self.size is None else size_px(self.size)
