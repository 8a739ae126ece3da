"""The messages that the API accepts, as types with their limits; see also settings_change.py."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from livecam.core import key_bindings


class RequestMessage(BaseModel):
    """Refuses unknown fields, values of another type, NaN and infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


_KEYS = (
    *(key for binding in key_bindings.BINDINGS for key in binding.keys),
    *key_bindings.CLASS_KEYS,
)


class KeyCommand(RequestMessage):
    """A key to press."""

    key: Literal[_KEYS]  # type: ignore[valid-type]


class RecordingCommand(RequestMessage):
    """Whether to record."""

    recording: bool


class SnapshotCommand(RequestMessage):
    """Which snapshot to save."""

    clean: bool = False


class CameraCommand(RequestMessage):
    """Which camera to show."""

    number: Annotated[int, Field(ge=0, le=100_000)]


class LoginRequest(RequestMessage):
    """The token of the printed link."""

    token: str = Field(max_length=200)


Pixels = Annotated[float, Field(ge=-10_000, le=10_000)]


class DragCommand(RequestMessage):
    """The pointer moved with its button held, in pixels of the frame."""

    dx_px: Pixels
    dy_px: Pixels


class WheelCommand(RequestMessage):
    """The wheel turned; positive is nearer."""

    steps: Annotated[float, Field(ge=-20, le=20)]


class PointerMessage(RequestMessage):
    """What the page sends over the WebSocket."""

    drag: DragCommand | None = None
    wheel: WheelCommand | None = None
