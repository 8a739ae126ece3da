"""The messages that the API sends, as types; they are its description in /api/openapi.json, too."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from livecam.web.api.settings_change import SettingsMessage


class ErrorMessage(BaseModel):
    """Why a request failed."""

    detail: str


class Figures(BaseModel):
    """The figures of one frame, named as in --stats."""

    model_config = ConfigDict(populate_by_name=True)

    frame: int
    time_s: float
    class_: str = Field(alias="class")
    max: float
    mean: float
    peak: list[int] = Field(min_length=2, max_length=2, description="row, column")
    logit: float
    probability: float
    fps: float | None
    latency_ms: float
    picture: str | None = None
    seen: str | None = None
    top: list[list[str | float]] = Field(default=[], description="name and probability")


class ActivationMap(Figures):
    """The figures with the whole map, rows from top to bottom."""

    grid: list[list[float]]


class DisplaySettings(SettingsMessage):
    """The current settings."""

    class_: str
    interpolation: str
    view: str
    colormap: str
    opacity: float
    act_max: float | Literal["auto"]
    gain: float
    mirror: bool
    overlay: bool
    figures: bool
    top_five: bool
    help: bool
    fullscreen: bool
    paused: bool
    recording: bool


class RecordingState(BaseModel):
    """The recorder's state."""

    wanted: bool
    seconds: float | None
    dropped: int
    minutes_left: float | None
    failed: bool


class State(BaseModel):
    """Everything that changes."""

    number: int = Field(description="counts pictures; equal numbers mean the same picture")
    age_ms: float = Field(description="since the picture was made")
    capture_ms: float | None = Field(description="from capture to picture, of a live source")
    width: int
    height: int
    figures: Figures
    settings: DisplaySettings
    recording: RecordingState
    notice: str
    viewers: int
    dropped: int = Field(description="pictures of a live source that were not shown")
    waiting: bool = Field(description="the source is lost and being reopened")
    files: int = Field(description="recordings and snapshots that this run has finished")


class KeyEntry(BaseModel):
    """A key and what it does."""

    keys: list[str]
    name: str
    words: str
    shows: str = Field(description="the setting that it changes, if any")


class Overview(BaseModel):
    """What does not change during a run."""

    version: str
    source: str
    model: str
    turnable: bool
    classes: int
    colormaps: list[str]
    keys: list[KeyEntry]


class ClassEntry(BaseModel):
    """A class by its index, with all its names."""

    index: int
    names: list[str]


class OutputFileEntry(BaseModel):
    """A recording or a snapshot."""

    id: str
    name: str
    kind: Literal["video", "picture"]
    media_type: str
    size_bytes: int
    made_at: str


class HistoryPoint(BaseModel):
    """The largest values within half a second."""

    age_s: float
    max: float
    probability: float
