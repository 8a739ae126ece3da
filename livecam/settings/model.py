"""Settings of the network: which one, its classes, the engine and the precision."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.allowed_values import (
    Integer,
    check_path,
    split_at_commas,
)
from livecam.settings.groups import MODEL

EngineName = Literal["auto", "tensorflow", "litert"]
Precision = Literal["float32", "float16", "int8"]
ModelName = Literal["imagenet", "flowers"]
PreprocessName = Literal["auto", "tf", "torch", "caffe", "unit", "none", "teachable-machine"]
ChannelOrder = Literal["rgb", "bgr"]


def check_alpha(_: object, alpha: float | None) -> None:
    """A width multiplier that Keras has weights for."""
    if alpha not in (None, 1.0, 0.75, 0.5, 0.25):
        raise ValueError("must be one of 1.0, 0.75, 0.5, 0.25.")


def check_classes(_: object, classes: tuple[str, ...] | None) -> None:
    """At least one class, where any is named."""
    if classes is not None and not classes:
        raise ValueError("must name at least one class.")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which network, which classes, which engine."""

    model: Annotated[
        ModelName | Path,
        Parameter(group=MODEL, show_default=lambda name: f"{name}; flowers in demo and bench"),
    ] = "imagenet"
    """MobileNet v1 for ImageNet's 1000 classes, or for five flowers (works offline); or the path
    of a network of your own: Keras, TensorFlow Lite, Teachable Machine."""

    alpha: Annotated[float | None, Parameter(group=MODEL, validator=check_alpha)] = None
    """Width multiplier of imagenet: 1.0 (the default), 0.75, 0.5 or 0.25; smaller is faster."""

    weights: Annotated[Path | None, Parameter(group=MODEL, validator=check_path)] = None
    """Keras weights file (.h5, .weights.h5) to use instead of the weights that Keras fetches."""

    labels: Annotated[Path | None, Parameter(group=MODEL, validator=check_path)] = None
    """Names of the classes of your own network, one a line; by default the labels.txt or
    metadata.json beside it."""

    preprocess: Annotated[PreprocessName, Parameter(group=MODEL)] = "auto"
    """Range of the values that your own network wants: none 0 to 255, unit 0 to 1, tf -1 to 1,
    torch and caffe as networks of these; auto as its maker has it (livecam models PATH)."""

    channel_order: Annotated[ChannelOrder | None, Parameter(group=MODEL)] = None
    """Order of the colours that your own network wants; by default as its maker has it."""

    input_size: Annotated[
        Integer | None, Parameter(group=MODEL, validator=Number(gte=16, lte=2048))
    ] = None
    """Side of the picture that your own network wants, in pixels, where its file does not say."""

    classes: Annotated[
        tuple[str, ...] | None,
        Parameter(
            name="--class",
            group=MODEL,
            negative="",
            validator=check_classes,
            env_var_split=split_at_commas,
            show_default=lambda _: "daisy; auto with a network of your own",
        ),
    ] = None
    """Class to look for, by name or index; auto follows what is seen. Repeatable: n and p switch
    between classes, and records have the figures of all of them."""

    engine: Annotated[EngineName, Parameter(group=MODEL)] = "auto"
    """What runs the network: auto uses TensorFlow if it finds a GPU, else LiteRT."""

    precision: Annotated[Precision, Parameter(group=MODEL)] = "float32"
    """Number format; int8 is for LiteRT and twice as fast, float16 for TensorFlow on a GPU."""

    calibration: Annotated[Path | None, Parameter(group=MODEL, validator=check_path)] = None
    """Folder of your own pictures to calibrate int8 with, besides rendered scenes."""

    threads: Annotated[
        Integer | None,
        Parameter(group=MODEL, validator=Number(gte=1, lte=256)),
    ] = None
    """Processor threads for LiteRT; by default one per core, at most four."""
