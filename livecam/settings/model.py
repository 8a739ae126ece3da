"""Settings of the network: which one, its classes, the engine and the precision."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import (
    Integer,
    check_alpha,
    check_classes,
    check_path,
    split_at_commas,
)

EngineName = Literal["auto", "tensorflow", "litert"]
Precision = Literal["float32", "float16", "int8"]

_GROUP = Group("Model", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which network, which classes, which engine."""

    model: Annotated[
        Literal["imagenet", "flowers"],
        Parameter(group=_GROUP, show_default=lambda name: f"{name}; flowers in demo and bench"),
    ] = "imagenet"
    """MobileNet v1 for ImageNet's 1000 classes, or for five flowers (works offline)."""

    alpha: Annotated[float | None, Parameter(group=_GROUP, validator=check_alpha)] = None
    """Width multiplier of imagenet: 1.0 (the default), 0.75, 0.5 or 0.25; smaller is faster."""

    weights: Annotated[Path | None, Parameter(group=_GROUP, validator=check_path)] = None
    """Keras weights file (.h5, .weights.h5) to use instead of the weights that Keras fetches."""

    classes: Annotated[
        tuple[str, ...],
        Parameter(
            name="--class",
            group=_GROUP,
            negative="",
            validator=check_classes,
            env_var_split=split_at_commas,
            show_default=", ".join,
        ),
    ] = ("daisy",)
    """Class to look for, by name or index. Repeatable: the keys n and p switch between classes."""

    engine: Annotated[EngineName, Parameter(group=_GROUP)] = "auto"
    """What runs the network: auto uses TensorFlow if it finds a GPU, else LiteRT."""

    precision: Annotated[Precision, Parameter(group=_GROUP)] = "float32"
    """Number format; int8 is for LiteRT and twice as fast, float16 for TensorFlow on a GPU."""

    calibration: Annotated[Path | None, Parameter(group=_GROUP, validator=check_path)] = None
    """Folder of your own pictures to calibrate int8 with, besides rendered scenes."""

    threads: Annotated[
        Integer | None,
        Parameter(group=_GROUP, validator=Number(gte=1, lte=256)),
    ] = None
    """Processor threads for LiteRT; by default one per core, at most four."""
