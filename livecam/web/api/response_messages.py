"""The messages that the API sends, as types; they are its description in /api/openapi.json, too."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from livecam.core.printable_text import printable
from livecam.web.api.settings_change import SettingsMessage


def _printable(value: Any) -> Any:
    return printable(value) if isinstance(value, str) else value


# Before anything else is checked: half a character is no text for pydantic.
Text = Annotated[str, BeforeValidator(_printable)]
"""Text that comes from outside: names of files, cameras and classes, titles, errors."""

PeakCell = Annotated[list[int], Field(min_length=2, max_length=2, description="row, column")]
CentrePx = Annotated[list[float] | None, Field(description="x, y in pixels of the frame")]
ExtentPx = Annotated[list[float] | None, Field(description="width, height in pixels")]
WindowCell = Annotated[list[int], Field(description="its first row, column; see stats")]


class ErrorMessage(BaseModel):
    """Why a request failed."""

    detail: Text


class LoginsEnded(BaseModel):
    """All logins are ended."""

    lasting: bool = Field(
        description="also after a restart; not so with --token, which has to be changed then"
    )


class ClassFiguresMessage(BaseModel):
    """The figures of one of several classes."""

    max: float
    mean: float
    peak: PeakCell
    centre: CentrePx = None
    extent: ExtentPx = None
    logit: float
    probability: float
    window: WindowCell = [0, 0]
    grid: list[list[float]] | None = None


class SecondClassMessage(BaseModel):
    """The other class of a pair, drawn in green."""

    model_config = ConfigDict(populate_by_name=True)

    class_: Text = Field(alias="class")
    max: float
    mean: float
    probability: float


class LocatedObjectMessage(BaseModel):
    """A thing found in the map, followed from frame to frame."""

    model_config = ConfigDict(populate_by_name=True)

    id: int
    class_: Text = Field(alias="class")
    score: float = Field(description="how sure it is, from 0 to 1")
    box: list[float] = Field(
        min_length=4, max_length=4, description="x, y, width, height in the frame, not mirrored"
    )


class Figures(BaseModel):
    """The figures of one frame, named as in --stats."""

    model_config = ConfigDict(populate_by_name=True)

    frame: int
    time_s: float
    class_: Text = Field(alias="class")
    max: float
    mean: float
    peak: PeakCell
    centre: CentrePx = None
    extent: ExtentPx = None
    logit: float
    probability: float
    window: WindowCell = [0, 0]
    fps: float | None
    latency_ms: float
    at: str | None = Field(default=None, description="when the frame was taken, ISO 8601")
    approximate: bool = Field(
        default=False, description="whether the map is that of the gradient, not exact"
    )
    picture: Text | None = None
    seen: Text | None = None
    sure: bool = Field(default=True, description="whether seen is said without a doubt")
    top: list[list[Text | float]] = Field(default=[], description="name and probability")
    objects: list[LocatedObjectMessage] = Field(
        default=[], description="the things found in the map, while they are looked for"
    )
    classes: dict[str, ClassFiguresMessage] = Field(
        default={}, description="of every chosen class, where several are"
    )


class ActivationMap(Figures):
    """The figures with the whole map, rows from top to bottom."""

    grid: list[list[float]]


class DisplaySettings(SettingsMessage):
    """The current settings."""

    class_: Text = Field(description="its name, or auto where it follows what is seen")
    area: str
    detail: int
    place: str
    interpolation: str
    view: str
    colormap: str
    opacity: float
    act_max: float | Literal["auto"]
    gain: float
    mirror: bool
    overlay: bool
    boxes: bool
    figures: bool
    top_five: bool
    judged: bool
    help: bool
    fullscreen: bool
    paused: bool
    recording: bool
    loop: bool
    speed: float


class RecordingState(BaseModel):
    """The recorder's state."""

    wanted: bool
    seconds: float | None
    dropped: int
    minutes_left: float | None
    failed: bool
    sound: str | None


class Box(BaseModel):
    """What the network sees, in pixels of the picture as it is shown."""

    left: int
    top: int
    width: int
    height: int


class ColourBarTick(BaseModel):
    """A mark of the colour bar."""

    level: float = Field(description="brightness, from 0 to 1")
    label: str = Field(description="the activation that has it")


class JudgementMessage(BaseModel):
    """The judgement of one frame, as far as it is computed; its picture is judged.jpg."""

    model_config = ConfigDict(populate_by_name=True)

    number: int = Field(description="counts the judgements of the run")
    class_: Text = Field(alias="class")
    probability: float | None = Field(description="of the class in the whole frame")
    done: float = Field(description="how much is computed, from 0 to 1")
    steps: int = Field(description="of a whole curve, which has one point more")
    deletion: list[float] = Field(description="probability while the hottest pixels go first")
    insertion: list[float] = Field(description="probability while they come back first")
    deletion_area: float | None = Field(description="below the curve; less is better")
    insertion_area: float | None = Field(description="below the curve; more is better")


class State(BaseModel):
    """Everything that changes."""

    number: int = Field(description="counts pictures; equal numbers mean the same picture")
    age_ms: float = Field(description="since the picture was made")
    capture_ms: float | None = Field(description="from capture to picture, of a live source")
    width: int
    height: int
    figures: Figures
    second: SecondClassMessage | None = Field(description="of a pair of classes, else none")
    settings: DisplaySettings
    recording: RecordingState
    notice: Text
    viewers: int
    dropped: int = Field(description="pictures of a live source that were not shown")
    waiting: bool = Field(description="the source is lost and being reopened")
    files: int = Field(description="recordings and snapshots that this run has finished")
    file_list: int = Field(description="counts changes of the list of recordings and snapshots")
    box: Box
    ticks: list[ColourBarTick] = Field(description="of the colour bar, from bright to dark")
    reference: float = Field(description="the activation at full brightness")
    gain: float = Field(description="the factor in brightness = exp(gain * (A - reference))")
    cross: list[float] | None = Field(
        description="where the evidence lies, x and y in pixels of the picture as it is shown"
    )
    source: Text = Field(description="its title: it changes with the camera")
    engine: str = Field(description="what runs the network")
    limit: str = Field(description="what keeps the rate low and what to do, empty for nothing")
    place: Text = Field(description="where a clip or a folder stands, while that is shown")
    judgement: JudgementMessage | None = Field(description="of the frame that is judged, if any")
    waiting_for: list[Text] = Field(description="lines on a source that is lost, or none")


class KeyEntry(BaseModel):
    """A key and what it does."""

    keys: list[str]
    name: str
    words: str
    shows: str = Field(description="the setting that it changes, if any")


class Overview(BaseModel):
    """What does not change during a run."""

    version: str
    source: Text
    model: Text
    turnable: bool
    cameras: bool = Field(description="whether another camera can be chosen")
    asks_token: bool = Field(description="whether clients have to prove a token")
    may_change: bool = Field(description="whether this client may; a guest may look alone")
    classes: int
    colormaps: list[str]
    colours: dict[str, list[str]] = Field(description="of each colour map, from dark to bright")
    keys: list[KeyEntry]


class CameraEntry(BaseModel):
    """An attached camera."""

    number: int = Field(description="as livecam devices lists it")
    name: Text
    shown: bool = Field(description="whether its pictures are shown now")


class ClassEntry(BaseModel):
    """A class by its index, with all its names."""

    index: int
    name: Text = Field(description="the usual name, with its kind where two classes share it")
    names: list[Text]
    kind: str = Field(description='what it is one of, like "wading bird"; empty where not known')


class OutputFileEntry(BaseModel):
    """A recording or a snapshot."""

    id: str
    name: Text
    kind: Literal["video", "picture"]
    media_type: str
    size_bytes: int
    made_at: str
    duration_s: float | None = Field(description="of a video, as soon as it is known")
    companions: list[Text] = Field(
        default=[], description="names of files with its figures, which are deleted with it"
    )


class HistoryPoint(BaseModel):
    """The largest values of one class within half a second."""

    model_config = ConfigDict(populate_by_name=True)

    age_s: float
    max: float
    probability: float
    class_: str = Field(alias="class")
