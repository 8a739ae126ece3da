"""Where a network of layers is cut: what gives the features, and the head behind the pooling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from livecam.models.formats.head_folding import (
    Affine,
    Bend,
    Final,
    NoExactMapError,
    Scale,
    Step,
)
from livecam.models.formats.layer_graph import Layer, LayerGraph, Weights

IDENTITIES = frozenset({
    "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "ActivityRegularization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast",
    "RandomBrightness", "RandomTranslation", "RandomCrop", "StochasticDepth",
})  # fmt: skip
"""Layers that do nothing but in training."""

_SHAPES = frozenset({"Flatten", "Reshape"})
_BENDS = {"relu": Bend(), "relu6": Bend(ceiling=6.0), "leaky_relu": Bend(0.2)}
_FINALS = frozenset({"softmax", "sigmoid"})
_STEPS = frozenset({
    "Dense", "Conv2D", "BatchNormalization", "Activation", "ReLU", "LeakyReLU", "Softmax",
})  # fmt: skip

MOST_CLASSES = 100_000


@dataclass(frozen=True, slots=True)
class HeadLayers:
    """A network cut in two.

    Attributes:
        features: the layer whose output is the features.
        pooling: the layer that pools or flattens them.
        layers: those after it, in order.
    """

    features: str
    pooling: Layer
    layers: tuple[Layer, ...]

    @property
    def flattens(self) -> bool:
        """Whether the features are laid out instead of averaged."""
        return self.pooling.kind != "GlobalAveragePooling2D"

    @property
    def classes(self) -> int:
        """How many classes the network tells apart; one output tells two apart."""
        return max(2, self.units)

    @property
    def units(self) -> int:
        """How many outputs it has."""
        dense = [layer for layer in self.layers if layer.kind in ("Dense", "Conv2D")]
        if not dense:
            raise NoExactMapError("no layer of classes follows the pooling")
        config = dense[-1].config
        units = int(config["units" if dense[-1].kind == "Dense" else "filters"])
        if not 1 <= units <= MOST_CLASSES:
            raise ValueError("more classes than any network has")
        return units


def cut(graph: LayerGraph) -> HeadLayers:
    """Find pooling and head, from the end backwards.

    Raises:
        NoExactMapError: there is no pooling, or what follows it has no exact map.
    """
    layers: list[Layer] = []
    layer = graph.layers[graph.output_name]
    while layer.kind in _STEPS | _SHAPES | IDENTITIES and len(layer.inputs) == 1:
        layers.append(layer)
        layer = graph.layers[layer.inputs[0]]
    if layer.kind == "GlobalAveragePooling2D":
        return _checked(HeadLayers(layer.inputs[0], layer, tuple(reversed(layers))))
    flattens = [n for n, found in enumerate(layers) if found.kind == "Flatten"]
    if flattens:
        last = flattens[-1]
        pooling = layers[last]
        return _checked(HeadLayers(pooling.inputs[0], pooling, tuple(reversed(layers[:last]))))
    raise NoExactMapError(_why_not(layer, layers))


def _why_not(layer: Layer, layers: list[Layer]) -> str:
    if not layers:
        return f"it ends in {layer.kind}, not in classes"
    if layer.kind in ("GlobalMaxPooling2D", "MaxPooling2D"):
        return "it pools by the maximum, not by the mean"
    if layer.kind == "LayerNormalization":
        return "LayerNormalization after the pooling is not piecewise linear: there is no exact map"
    return f"{layer.kind} before its classes is no pooling, and not piecewise linear"


def _checked(head: HeadLayers) -> HeadLayers:
    """The same; raises NoExactMapError for an activation that is not piecewise linear."""
    for layer in head.layers:
        name = _activation_of(layer)
        if name not in (*_BENDS, *_FINALS, "linear"):
            raise NoExactMapError(
                f"{name} after the pooling is not piecewise linear: there is no exact map"
            )
        if layer.kind == "Conv2D" and list(layer.config["kernel_size"]) != [1, 1]:
            raise NoExactMapError("a convolution of several places follows the pooling")
    return head


def activation_name(value: Any) -> str:
    """The name of an activation, as Keras 2 and 3 write it."""
    while isinstance(value, Mapping):
        inner = value.get("config")
        is_name = isinstance(inner, str)
        value = inner if is_name else value.get("class_name")
    return "linear" if value is None else str(value).casefold()


def _activation_of(layer: Layer) -> str:
    kinds = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax"}
    return kinds.get(layer.kind) or activation_name(layer.config.get("activation"))


def steps_of(head: HeadLayers, weights: Mapping[str, Weights]) -> list[Step]:
    """The head's layers as steps that head_folding.py puts together."""
    steps: list[Step] = []
    for layer in head.layers:
        given = weights.get(layer.name, {})
        arrays = {name: np.asarray(array, np.float64) for name, array in given.items()}
        if layer.kind in ("Dense", "Conv2D"):
            kernel = arrays["kernel"].reshape(-1, arrays["kernel"].shape[-1])
            steps.append(Affine(kernel, arrays.get("bias", np.zeros(kernel.shape[1]))))
        if layer.kind == "BatchNormalization":
            steps.append(_normalisation(arrays, float(layer.config.get("epsilon", 1e-3))))
        steps.extend(_bends(layer))
    return steps


def _normalisation(arrays: Mapping[str, Any], epsilon: float) -> Scale:
    mean, variance = arrays["moving_mean"], arrays["moving_variance"]
    factor = arrays.get("gamma", 1.0) / np.sqrt(variance + epsilon)
    return Scale(factor, arrays.get("beta", 0.0) - mean * factor)


def _bends(layer: Layer) -> list[Step]:
    config, name = layer.config, _activation_of(layer)
    if layer.kind == "ReLU":
        ceiling = config.get("max_value")
        slope = float(config.get("negative_slope") or 0.0)
        return [Bend(slope, float("inf") if ceiling is None else float(ceiling))]
    if layer.kind == "LeakyReLU":
        slope = config.get("negative_slope", config.get("alpha", 0.3))
        return [Bend(float(slope))]
    if name in _FINALS:
        return [Final(name)]
    return [_BENDS[name]] if name in _BENDS else []
