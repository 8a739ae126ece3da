"""Where a network of layers is cut: what gives the features, and the head behind the pooling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from livecam.core.hidden_layers import why_approximate
from livecam.models.formats.head_folding import (
    Affine,
    Bend,
    Curve,
    Final,
    LayerNorm,
    NoMapError,
    Scale,
    Step,
    no_single_class,
    prelu_steps,
)
from livecam.models.formats.layer_graph import Layer, LayerGraph, Weights

IDENTITIES = frozenset({
    "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "ActivityRegularization", "RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast",
    "RandomBrightness", "RandomTranslation", "RandomCrop", "StochasticDepth",
})  # fmt: skip
"""Layers that do nothing but in training."""

_SHAPES = frozenset({"Flatten", "Reshape"})
_BENDS: dict[str, tuple[Step, ...]] = {
    "linear": (),
    "relu": (Bend(),),
    "relu6": (Bend(ceiling=6.0),),
    "leaky_relu": (Bend(0.2),),
    "hard_sigmoid": (Scale(np.array(1 / 6), np.array(0.5)), Bend(ceiling=1.0)),
}
"""Activations that are piecewise linear, by Keras's names."""

_OF_KERAS_2 = {"hard_sigmoid": (Scale(np.array(0.2), np.array(0.5)), Bend(ceiling=1.0))}
"""Those that were others then."""

_CURVES = {
    "elu": "elu", "selu": "selu", "gelu": "gelu", "tanh": "tanh", "softplus": "softplus",
    "softsign": "softsign", "swish": "swish", "silu": "swish", "hard_swish": "hard_swish",
    "hard_silu": "hard_swish", "mish": "mish", "exponential": "exponential",
}  # fmt: skip
"""Those that are not, with their names in core/activation_curves.py."""

_FINALS = frozenset({"softmax", "sigmoid"})
_STEPS = frozenset({
    "Dense", "Conv2D", "BatchNormalization", "LayerNormalization", "Activation", "ReLU",
    "LeakyReLU", "PReLU", "ELU", "Softmax",
})  # fmt: skip
_JOINS = frozenset({
    "Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
})  # fmt: skip

MOST_CLASSES = 100_000


@dataclass(frozen=True, slots=True)
class HeadLayers:
    """A network cut in two.

    Attributes:
        features: the layer whose output is the features.
        pooling: the layer that pools or flattens them.
        layers: those after it, in order.
        is_keras_2: whether Keras 2 wrote them: some activations were others.
    """

    features: str
    pooling: Layer
    layers: tuple[Layer, ...]
    is_keras_2: bool = False

    @property
    def flattens(self) -> bool:
        """Whether the features are laid out instead of averaged."""
        return self.pooling.kind != "GlobalAveragePooling2D"

    @property
    def classes(self) -> int:
        """How many classes the network tells apart; one output tells two apart."""
        return max(2, self.units)

    @property
    def approximate_because(self) -> str:
        """Why its map is that of the gradient; "" where it is exact."""
        *inner, _ = [layer for layer in self.layers if layer.kind in _STEPS]
        return why_approximate(_curve_of(layer) for layer in inner)

    @property
    def units(self) -> int:
        """How many outputs it has."""
        dense = [layer for layer in self.layers if layer.kind in ("Dense", "Conv2D")]
        if not dense:
            raise NoMapError("no layer of classes follows the pooling")
        config = dense[-1].config
        units = int(config["units" if dense[-1].kind == "Dense" else "filters"])
        if not 1 <= units <= MOST_CLASSES:
            raise ValueError("more classes than any network has")
        return units


def cut(graph: LayerGraph) -> HeadLayers:
    """Find pooling and head, from the end backwards.

    Raises:
        NoMapError: there is no pooling, or what follows it has no map.
    """
    layers: list[Layer] = []
    layer = graph.layers[graph.output_name]
    while layer.kind in _STEPS | _SHAPES | IDENTITIES and len(layer.inputs) == 1:
        layers.append(layer)
        layer = graph.layers[layer.inputs[0]]
    old = graph.is_keras_2
    if layer.kind == "GlobalAveragePooling2D":
        return _checked(HeadLayers(layer.inputs[0], layer, tuple(reversed(layers)), old))
    flattens = [n for n, found in enumerate(layers) if found.kind == "Flatten"]
    if flattens:
        last = flattens[-1]
        pooling, behind = layers[last], tuple(reversed(layers[:last]))
        return _checked(HeadLayers(pooling.inputs[0], pooling, behind, old))
    raise NoMapError(_why_not(layer, layers))


def _why_not(layer: Layer, layers: list[Layer]) -> str:
    if not layers:
        return f"it ends in {layer.kind}, not in classes"
    if layer.kind in ("GlobalMaxPooling2D", "MaxPooling2D"):
        return "it pools by the maximum, not by the mean"
    if layer.kind in _JOINS:
        return f"several paths lead to its classes, joined by {layer.kind}: there is no map of that"
    return f"{layer.kind} before its classes is no pooling, and has no map"


def _checked(head: HeadLayers) -> HeadLayers:
    """The same; raises NoMapError for what has no map."""
    for layer in head.layers:
        name = _activation_of(layer)
        if name not in (*_BENDS, *_CURVES, *_FINALS):
            raise NoMapError(f"its activation {name} after the pooling is not known here")
        if layer.kind == "Conv2D" and list(layer.config["kernel_size"]) != [1, 1]:
            raise NoMapError("a convolution of several places follows the pooling")
        if layer.kind == "ReLU" and layer.config.get("threshold"):
            raise NoMapError("its ReLU after the pooling has a threshold")
        if layer.kind == "LayerNormalization":
            _check_normalisation(layer, head.pooling)
    _check_end(head)
    return head


def _check_end(head: HeadLayers) -> None:
    """Raise NoMapError unless it ends in the sums of classes, or in a softmax or sigmoid."""
    steps = [layer for layer in head.layers if layer.kind in _STEPS]
    if not steps:
        raise NoMapError("no layer of classes follows the pooling")
    last, name = steps[-1], _activation_of(steps[-1])
    if last.kind in ("LayerNormalization", "PReLU") or name not in ("linear", *_FINALS):
        ending = last.kind if name == "linear" else name
        raise NoMapError(f"it ends in {ending}, not in the sums or probabilities of classes")
    if any(_activation_of(layer) == "softmax" for layer in steps[:-1]):
        raise NoMapError("layers follow its softmax")
    if name == "sigmoid" and head.units > 1:
        raise NoMapError(no_single_class(head.units))


def _check_normalisation(layer: Layer, pooling: Layer) -> None:
    """Raise NoMapError unless it is over all values of the picture, with mean and variance."""
    axis = layer.config.get("axis", -1)
    has_places = bool(pooling.config.get("keepdims"))
    if axis not in (-1, [-1], *((3, [3]) if has_places else (1, [1]))):
        raise NoMapError("its LayerNormalization after the pooling is over another axis")
    if layer.config.get("rms_scaling"):
        raise NoMapError("its LayerNormalization after the pooling has rms_scaling")


def activation_name(value: Any) -> str:
    """The name of an activation, as Keras 2 and 3 write it."""
    while isinstance(value, Mapping):
        inner = value.get("config")
        is_name = isinstance(inner, str)
        value = inner if is_name else value.get("class_name")
    return "linear" if value is None else str(value).casefold()


def _activation_of(layer: Layer) -> str:
    kinds = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
    return kinds.get(layer.kind) or activation_name(layer.config.get("activation"))


def _curve_of(layer: Layer) -> str:
    """What of a layer that others follow is not piecewise linear; "" for nothing."""
    name = _activation_of(layer)
    curve = name if name == "sigmoid" else _CURVES.get(name, "")
    return layer.kind if layer.kind == "LayerNormalization" else curve


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
        if layer.kind == "LayerNormalization":
            factor, shift = (arrays.get(name, np.array(usual)) for name, usual in _GAMMA_BETA)
            steps.append(LayerNorm(factor, shift, float(layer.config.get("epsilon", 1e-3))))
        if layer.kind == "PReLU":
            steps.extend(prelu_steps(arrays["alpha"].reshape(-1)))
        steps.extend(_activations(layer, is_keras_2=head.is_keras_2))
    return steps


_GAMMA_BETA = (("gamma", 1.0), ("beta", 0.0))


def _normalisation(arrays: Mapping[str, Any], epsilon: float) -> Scale:
    mean, variance = arrays["moving_mean"], arrays["moving_variance"]
    factor = arrays.get("gamma", 1.0) / np.sqrt(variance + epsilon)
    return Scale(factor, arrays.get("beta", 0.0) - mean * factor)


def _activations(layer: Layer, *, is_keras_2: bool) -> Sequence[Step]:
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
    if name in _CURVES:
        return [Curve(_CURVES[name], float(config.get("alpha", 1.0)))]
    return (_OF_KERAS_2 if is_keras_2 else {}).get(name) or _BENDS[name]
