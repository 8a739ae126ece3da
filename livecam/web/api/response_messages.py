"""What the API says and hears, as types: also its description."""

from typing import Annotated, Any, Literal, get_type_hints

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from livecam.core import key_bindings
from livecam.settings.schema import HeatSettings, WindowSettings


class Message(BaseModel):
    """Nothing unknown, nothing almost right, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Spelled(Message):
    """Settings, spelled as in settings files."""

    model_config = ConfigDict(
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"), populate_by_name=True
    )


class Refusal(BaseModel):
    """Why something was not done."""

    detail: str


class Figures(BaseModel):
    """The figures of one frame, in the words of --stats."""

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


class Shown(Spelled):
    """The settings as they are."""

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


class Recording(BaseModel):
    """How the recorder is doing."""

    wanted: bool
    seconds: float | None
    dropped: int
    minutes_left: float | None
    failed: bool


class State(BaseModel):
    """Everything that changes."""

    number: int = Field(description="counts pictures; the same number, the same picture")
    age_ms: float = Field(description="since the picture was made")
    capture_ms: float | None = Field(description="from capture to picture, of a live source")
    width: int
    height: int
    figures: Figures
    settings: Shown
    recording: Recording
    notice: str
    viewers: int
    dropped: int = Field(description="pictures of a live source that were not shown")
    waiting: bool = Field(description="the source is lost and waited for")
    files: int = Field(description="recordings and snapshots that this run has finished")


class Key(BaseModel):
    """A key of the table."""

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
    keys: list[Key]


class ClassEntry(BaseModel):
    """A class by its index, with all its names."""

    index: int
    names: list[str]


class SavedFile(BaseModel):
    """A recording or a snapshot."""

    id: str
    name: str
    kind: Literal["video", "picture"]
    media_type: str
    size_bytes: int
    made_at: str


class HistoryPoint(BaseModel):
    """The strongest frame of half a second."""

    age_s: float
    max: float
    probability: float


_KEYS = tuple(key for binding in key_bindings.BINDINGS for key in binding.keys)


class KeyAsked(Message):
    """A key of the table."""

    key: Literal[_KEYS]  # type: ignore[valid-type]


class RecordingAsked(Message):
    """Whether frames shall be recorded."""

    recording: bool


class SnapshotAsked(Message):
    """Which snapshot."""

    clean: bool = False


class TokenGiven(Message):
    """The token of the link."""

    token: str = Field(max_length=200)


Pixels = Annotated[float, Field(ge=-10_000, le=10_000)]


class DragAsked(Message):
    """The pointer moved with its button held, in pixels of the frame."""

    dx_px: Pixels
    dy_px: Pixels


class WheelAsked(Message):
    """The wheel turned; positive is nearer."""

    steps: Annotated[float, Field(ge=-20, le=20)]


class PointerAsked(Message):
    """What the page's socket hears."""

    drag: DragAsked | None = None
    wheel: WheelAsked | None = None


def _judged(owner: type, name: str) -> Any:
    """The type of a setting with its own limits: those of the command line, written once."""
    annotated = get_type_hints(owner, include_extras=True)[name]
    plain = get_type_hints(owner)[name]
    limits: list[Any] = []
    for parameter in annotated.__metadata__:
        assert isinstance(parameter, Parameter)  # noqa: S101
        for judge in parameter.validator:  # type: ignore[union-attr]
            if isinstance(judge, Number):
                ends = {end: getattr(judge, end) for end in ("gt", "gte", "lt", "lte")}
                short = {"gte": "ge", "lte": "le"}
                given = {short.get(k, k): v for k, v in ends.items() if v is not None}
                limits.append(Field(**given))
            else:
                limits.append(AfterValidator(_asking(judge)))
    typed = plain
    for limit in limits:
        typed = Annotated[typed, limit]
    return typed | None


def _asking(judge: Any) -> Any:
    def ask(value: Any) -> Any:
        judge(object, value)
        return value

    return ask


Change = create_model(
    "Change",
    __base__=Spelled,
    __doc__="Settings to change; what is left out stays as it is.",
    class_=(Annotated[int, Field(ge=0)] | Annotated[str, Field(max_length=100)] | None, None),
    interpolation=(_judged(HeatSettings, "interpolation"), None),
    view=(_judged(HeatSettings, "view"), None),
    colormap=(_judged(HeatSettings, "colormap"), None),
    opacity=(_judged(HeatSettings, "opacity"), None),
    act_max=(_judged(HeatSettings, "act_max"), None),
    gain=(_judged(HeatSettings, "gain"), None),
    mirror=(_judged(WindowSettings, "mirror"), None),
    overlay=(bool | None, None),
    figures=(bool | None, None),
    top_five=(bool | None, None),
    help=(bool | None, None),
    paused=(bool | None, None),
)


def fields_of(change: Any, class_index: int | None) -> dict[str, Any]:
    """The fields of the view that a change means; `class_index` is its class, looked up."""
    given = change.model_dump(exclude_none=True, by_alias=False)
    renamed = {"view": "style"}
    fields = {renamed.get(name, name): value for name, value in given.items()}
    fields.pop("class_", None)
    if class_index is not None:
        fields["class_index"] = class_index
    reference = fields.pop("act_max", None)
    if reference == "auto":
        fields["auto"] = True
    elif reference is not None:
        fields |= {"auto": False, "act_max": float(reference)}
    return fields
