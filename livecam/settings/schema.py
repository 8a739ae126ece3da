"""The frozen settings tree: the one home of defaults, and what each setting may be.

One word, three spellings: the flag `--act-max`, the variable `LIVECAM_ACT_MAX` and the key
`act-max` of a TOML file are the same setting. cyclopts reads all three from these classes.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import (
    Whole,
    act_max_makes_sense,
    alpha_exists,
    at_least_one,
    exposure_makes_sense,
    fourcc_makes_sense,
    host_is_named,
    hosts_are_named,
    no_zero_byte,
    not_empty,
    size_makes_sense,
    split_at_commas,
    token_is_long,
)

_SCENE = Group("The daisy scene", sort_key=7)
_MODEL = Group("Model", sort_key=1)
_HEAT = Group("Heat", sort_key=2)
_OUTPUT = Group("Recording and data", sort_key=3)
_WINDOW = Group("Window", sort_key=4)
_RUN = Group("How long and how fast", sort_key=5)
_CAMERA = Group("Camera and stream", sort_key=6)
_SERVE = Group("Web page", sort_key=7)

NotNegativeMegabytes = Annotated[float, Parameter(group=_OUTPUT, validator=Number(gte=0, lte=1e9))]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which network, which classes, which engine."""

    model: Annotated[
        Literal["imagenet", "flowers"],
        Parameter(group=_MODEL, show_default=lambda name: f"{name}; flowers in demo and bench"),
    ] = "imagenet"
    """Network: MobileNet v1 for ImageNet's 1000 classes, or for five flowers, always offline."""

    alpha: Annotated[float | None, Parameter(group=_MODEL, validator=alpha_exists)] = None
    """Width of imagenet: 1.0 (without this flag), 0.75, 0.5 or 0.25; smaller is faster."""

    weights: Annotated[Path | None, Parameter(group=_MODEL, validator=no_zero_byte)] = None
    """Keras weights (.h5, .weights.h5) to use instead of those that Keras fetches."""

    classes: Annotated[
        tuple[str, ...],
        Parameter(
            name="--class",
            group=_MODEL,
            negative="",
            validator=at_least_one,
            env_var_split=split_at_commas,
            show_default=", ".join,
        ),
    ] = ("daisy",)
    """Class to look for, by name or index. Several may be given: n and p walk through them."""

    engine: Annotated[Literal["auto", "tensorflow", "litert"], Parameter(group=_MODEL)] = "auto"
    """What runs the network: auto takes the GPU if TensorFlow sees one, else LiteRT."""

    precision: Annotated[Literal["float32", "float16", "int8"], Parameter(group=_MODEL)] = "float32"
    """Arithmetic; int8 is for LiteRT and twice as fast, float16 for TensorFlow on a GPU."""

    calibration: Annotated[Path | None, Parameter(group=_MODEL, validator=no_zero_byte)] = None
    """Folder of your own pictures that int8 is fitted to, besides rendered scenes."""

    threads: Annotated[
        Whole | None,
        Parameter(group=_MODEL, validator=Number(gte=1, lte=256)),
    ] = None
    """Processor threads for LiteRT; by itself one a core, at most four."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class HeatSettings:
    """How the map becomes a picture at the start; keys change it."""

    act_max: Annotated[
        float | Literal["auto"], Parameter(group=_HEAT, validator=act_max_makes_sense)
    ] = 36.0
    """Activation shown at full brightness; auto takes each frame's own maximum."""

    gain: Annotated[float, Parameter(group=_HEAT, validator=Number(gt=0, lte=10))] = 0.1
    """Factor in brightness = exp(gain * (A - act_max))."""

    interpolation: Annotated[Literal["bilinear", "nearest"], Parameter(group=_HEAT)] = "bilinear"
    """How the 7 x 7 map is scaled up."""

    view: Annotated[Literal["colour", "brightness"], Parameter(group=_HEAT)] = "colour"
    """Blend colours in, or multiply the picture by the brightness."""

    colormap: Annotated[
        Literal["inferno", "turbo", "jet", "viridis", "magma", "hot", "cividis"],
        Parameter(group=_HEAT),
    ] = "inferno"
    """Colours of the heat."""

    opacity: Annotated[float, Parameter(group=_HEAT, validator=Number(gte=0, lte=1))] = 0.5
    """Share of the colours in the picture: 0 none, 1 nothing else."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class OutputSettings:
    """What is written."""

    record: Annotated[Path | None, Parameter(group=_OUTPUT, validator=not_empty)] = None
    """Record the annotated video into this .mp4 or .mkv file from the first frame on."""

    stats: Annotated[
        str | None, Parameter(group=_OUTPUT, allow_leading_hyphen=True, validator=not_empty)
    ] = None
    """Write the figures of every frame: FILE.jsonl, FILE.csv, or - for JSON lines to stdout."""

    grid: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Add the 49 activations to every record of --stats."""

    top: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Add what is seen and the five most probable classes to every record of --stats."""

    timings: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Add ages, stages and drops by cause of a live source to every record of --stats."""

    snapshots: Annotated[Path, Parameter(group=_OUTPUT, validator=no_zero_byte)] = Path()
    """Folder for the snapshots and recordings that keys make."""

    force: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Overwrite output files that exist."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """How videos are recorded."""

    codec: Annotated[Literal["h264", "hevc", "av1", "ffv1"], Parameter(group=_OUTPUT)] = "h264"
    """Of recordings: h264 plays everywhere; ffv1 loses nothing and needs .mkv."""

    quality: Annotated[Literal["small", "good", "best"], Parameter(group=_OUTPUT)] = "good"
    """Of recordings: small files, good pictures, or the best."""

    pause: Annotated[Literal["cut", "freeze"], Parameter(group=_OUTPUT)] = "cut"
    """What a pause leaves in a recording: a cut, or, of a camera or stream, a frozen
    picture as long as the pause."""

    record_clean: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Record the untouched picture as well, into NAME_clean beside the annotated one."""

    record_stats: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Write the figures of every recorded frame beside it, NAME.jsonl, with the video's times."""

    clip_before: Annotated[float, Parameter(group=_OUTPUT, validator=Number(gte=0, lte=600))] = 0.0
    """Key r records from so many seconds ago on."""

    sound: Annotated[Literal["keep", "drop"], Parameter(group=_OUTPUT)] = "keep"
    """Whether a clip's sound goes into its recording."""

    disk_reserve: NotNegativeMegabytes = 200.0
    """A recording is closed before fewer megabytes than this are free."""

    verbose: Annotated[bool, Parameter(group=_OUTPUT, negative="")] = False
    """Say more: which encoder records, and why not another one."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class WindowSettings:
    """The window."""

    window: Annotated[bool | None, Parameter(group=_WINDOW)] = None
    """Show a window; without this flag, where there is a display."""

    fullscreen: Annotated[bool, Parameter(group=_WINDOW, negative="")] = False
    """Begin in full screen."""

    mirror: Annotated[bool, Parameter(group=_WINDOW, negative="")] = False
    """Begin mirrored, as one knows oneself from the mirror."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PaceSettings:
    """How long and how fast."""

    frames: Annotated[Whole | None, Parameter(group=_RUN, validator=Number(gte=1))] = None
    """Stop after this many frames."""

    seconds: Annotated[float | None, Parameter(group=_RUN, validator=Number(gt=0))] = None
    """Stop after this many seconds of the source's own time."""

    rate_limit: Annotated[float | None, Parameter(group=_RUN, validator=Number(gte=0.01))] = None
    """At most this many frames per second."""

    every: Annotated[Whole, Parameter(group=_RUN, validator=Number(gte=1, lte=1000))] = 1
    """The network looks at every so many frames; the map is held in between."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What a camera is asked for, and how cameras and streams are read."""

    size: Annotated[str | None, Parameter(group=_CAMERA, validator=size_makes_sense)] = None
    """Ask the camera for this size, like 1280x720."""

    rate: Annotated[float | None, Parameter(group=_CAMERA, validator=Number(gt=0, lte=1000))] = None
    """Ask the camera for so many frames per second."""

    fourcc: Annotated[str | None, Parameter(group=_CAMERA, validator=fourcc_makes_sense)] = None
    """Ask the camera for this format, like MJPG or YUYV; a good one by itself."""

    backend: Annotated[
        Literal["any", "v4l2", "gstreamer", "msmf", "dshow", "avfoundation", "ffmpeg"],
        Parameter(group=_CAMERA),
    ] = "any"
    """Through what the camera is opened: any takes the system's own."""

    exposure: Annotated[
        float | Literal["auto"] | None,
        Parameter(group=_CAMERA, validator=exposure_makes_sense, allow_leading_hyphen=True),
    ] = None
    """Exposure in the camera's own units, or auto; without this flag as the camera stands."""

    latency: Annotated[Literal["newest", "every"], Parameter(group=_CAMERA)] = "newest"
    """Show the newest frame and drop older ones, or every frame, however late."""

    lost: Annotated[Literal["freeze", "gap"], Parameter(group=_CAMERA)] = "freeze"
    """While the source is lost, a recording holds the marked last picture, or leaves a gap."""

    give_up: Annotated[float | None, Parameter(group=_CAMERA, validator=Number(gte=0))] = None
    """Wait so many seconds for a source that is lost, or does not open; by itself for ever."""

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height, None where the camera is not asked."""
        if self.size is None:
            return None
        width, height = self.size.casefold().split("x")
        return int(width), int(height)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SceneSettings:
    """What stands in the built-in scene, `livecam daisy`."""

    scene_seed: Annotated[Whole, Parameter(group=_SCENE, validator=Number(gte=0))] = 0
    """Which flower and meadow; the same number gives the same pictures."""

    scene_flowers: Annotated[Whole, Parameter(group=_SCENE, validator=Number(gte=1, lte=9))] = 1
    """How many daisies."""

    scene_others: Annotated[bool, Parameter(group=_SCENE, negative="")] = False
    """Add things that are no daisies (balloon, pinwheel, leaves); the demo does so by itself."""

    scene_size: Annotated[str, Parameter(group=_SCENE, validator=size_makes_sense)] = "640x480"
    """Width x height in pixels."""

    scene_rate: Annotated[float, Parameter(group=_SCENE, validator=Number(gte=1, lte=240))] = 30.0
    """Frames per second of the scene's own time."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        width, height = self.scene_size.casefold().split("x")
        return int(width), int(height)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The same picture in a browser."""

    serve: Annotated[bool, Parameter(group=_SERVE, negative="")] = False
    """Show the picture on a web page, too; livecam serve does only that."""

    host: Annotated[str, Parameter(group=_SERVE, validator=host_is_named)] = "127.0.0.1"
    """Address of the page: this machine only, or 0.0.0.0 for the network, with a token."""

    port: Annotated[Whole, Parameter(group=_SERVE, validator=Number(gte=0, lte=65535))] = 8765
    """Port of the page; 0 takes a free one."""

    token: Annotated[str | None, Parameter(group=_SERVE, validator=token_is_long)] = None
    """Secret that the page asks for; without it one is made where others can reach the page."""

    allow_host: Annotated[
        tuple[str, ...],
        Parameter(
            name="--allow-host",
            group=_SERVE,
            negative="",
            env_var_split=split_at_commas,
            validator=hosts_are_named,
        ),
    ] = ()
    """Another name of this machine, of a proxy or in the network; repeatable; asks for a token."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default."""

    model: ModelSettings = field(default_factory=ModelSettings)
    heat: HeatSettings = field(default_factory=HeatSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    pace: PaceSettings = field(default_factory=PaceSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    scene: SceneSettings = field(default_factory=SceneSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
