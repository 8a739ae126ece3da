"""The layers of a network as plain values: what a file says, with nothing of it run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.errors import ModelError

Floats = npt.NDArray[np.float32]
Operand = str | float
"""The name of a layer, or a number."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    Attributes:
        path: names of the networks that it lies in and its own, outermost first.
        kind: Keras's name of its class.
        config: its settings, as the file has them.
        operands: what it takes: names of layers, and of simple arithmetic numbers, too.
        slot: where Keras 3 keeps its weights: places among those of a kind, outermost first.
    """

    path: tuple[str, ...]
    kind: str
    config: Mapping[str, Any] = field(default_factory=dict)
    operands: tuple[Operand, ...] = ()
    slot: str = ""

    @property
    def name(self) -> str:
        """Stands for it among all layers."""
        return "/".join(self.path)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the layers that it takes."""
        return tuple(operand for operand in self.operands if isinstance(operand, str))


@dataclass(frozen=True, slots=True)
class LayerGraph:
    """All layers of a network with one input and one output.

    Attributes:
        layers: by name, each after those that it takes.
        input_name: the layer that stands for the picture.
        output_name: the last layer.
        input_side_px: height and width of the picture; None where any size is taken.
        names: what the networks inside of it are called, and itself.
        is_keras_2: whether Keras 2 wrote it: some functions were others.
    """

    layers: dict[str, Layer]
    input_name: str
    output_name: str
    input_side_px: int | None
    names: tuple[str, ...] = ()
    is_keras_2: bool = False


Weights = Mapping[str, Floats]
"""Those of one layer, by Keras's name of the variable: kernel, bias, gamma, ..."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkFile:
    """What a file of layers holds.

    Attributes:
        path: of the file or folder that was named.
        weights_path: the file that identifies its weights.
        format_name: what kind of file it is.
        graph: its layers.
        read_weights: reads the weights of each layer that has some, by its name; can be pickled,
            as a network goes to other processes.
        structure_key: identifies all of it, where that is more than the one file.
        label_names: names of classes that came with it; none where it has none.
        is_teachable_machine: whether Teachable Machine made it.
    """

    path: Path
    weights_path: Path
    format_name: str
    graph: LayerGraph
    read_weights: Callable[[], dict[str, Weights]]
    structure_key: str = ""
    label_names: tuple[str, ...] = ()
    is_teachable_machine: bool = False


VARIABLES: dict[str, tuple[str, ...]] = {
    "Conv2D": ("kernel", "bias"),
    "DepthwiseConv2D": ("kernel", "bias"),
    "SeparableConv2D": ("depthwise_kernel", "pointwise_kernel", "bias"),
    "Dense": ("kernel", "bias"),
    "BatchNormalization": ("gamma", "beta", "moving_mean", "moving_variance"),
    "LayerNormalization": ("gamma", "beta"),
    "LayerScale": ("gamma",),
    "Normalization": ("mean", "variance"),
    "PReLU": ("alpha",),
}
"""Variables of each kind of layer that has some, in Keras's order."""

_SWITCHES = {"bias": "use_bias", "gamma": "scale", "beta": "center"}


def variables_of(layer: Layer) -> tuple[str, ...]:
    """The variables that a layer has."""
    if layer.kind == "Normalization" and layer.config.get("mean") is not None:
        return ()  # it was told, and has learnt nothing
    names = VARIABLES.get(layer.kind, ())
    return tuple(name for name in names if layer.config.get(_SWITCHES.get(name, ""), True))


def unusable(path: Path, reason: str) -> ModelError:
    """The error for a network that cannot be used, in one line."""
    return ModelError(f"the network {path} cannot be used: {' '.join(reason.split())}")


def lack_of(error: Exception) -> str:
    """What is wrong with a structure, for people, of what Python says about it."""
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing or unknown"
    if isinstance(error, ValueError):
        return " ".join(str(error).split())
    return "something else stands where a part of it should"
