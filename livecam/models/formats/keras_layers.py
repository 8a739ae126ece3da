"""Builds the layers up to the features: kinds and settings that are known here, and no others."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from livecam.models.formats.head_layers import IDENTITIES, activation_name
from livecam.models.formats.layer_graph import (
    Layer,
    LayerGraph,
    Weights,
    unusable,
    variables_of,
)
from livecam.native.tensorflow import import_keras

_SETTINGS: dict[str, tuple[str, ...]] = {
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups",
               "activation", "use_bias"),
    "DepthwiseConv2D": ("kernel_size", "strides", "padding", "depth_multiplier", "dilation_rate",
                        "activation", "use_bias"),
    "SeparableConv2D": ("filters", "kernel_size", "strides", "padding", "depth_multiplier",
                        "dilation_rate", "activation", "use_bias"),
    "Dense": ("units", "activation", "use_bias"),
    "BatchNormalization": ("epsilon", "center", "scale"),
    "LayerNormalization": ("epsilon", "center", "scale"),
    "PReLU": ("shared_axes",),
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "ELU": ("alpha",),
    "Activation": ("activation",),
    "Softmax": (),
    "ZeroPadding2D": ("padding",),
    "Cropping2D": ("cropping",),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "GlobalAveragePooling2D": ("keepdims",),
    "GlobalMaxPooling2D": ("keepdims",),
    "UpSampling2D": ("size", "interpolation"),
    "Resizing": ("height", "width", "interpolation"),
    "Rescaling": ("scale", "offset"),
    "Reshape": ("target_shape",),
    "Permute": ("dims",),
    "Flatten": (),
    "Concatenate": ("axis",),
    "Add": (), "Multiply": (), "Subtract": (), "Average": (), "Maximum": (), "Minimum": (),
}  # fmt: skip
"""Keras's layers, and those of their settings that matter at inference."""

_ACTIVATIONS = frozenset({
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid",
    "tanh", "softmax", "softplus", "softsign", "swish", "silu", "hard_swish", "hard_silu", "mish",
})  # fmt: skip

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda x, y: x + y,
    "Subtract": lambda x, y: x - y,
    "Multiply": lambda x, y: x * y,
    "TrueDivide": lambda x, y: x / y,
    "Divide": lambda x, y: x / y,
}
_SCALED = ("CustomScaleLayer", "LayerScale")  # of Keras's own InceptionResNetV2 and ConvNeXt
_TENSORFLOW_FUNCTIONS = {
    "math.truediv": "TrueDivide", "math.divide": "TrueDivide", "math.subtract": "Subtract",
    "math.add": "Add", "math.multiply": "Multiply", "__operators__.add": "Add",
}  # fmt: skip


def refusal_of(layer: Layer, *, is_keras_2: bool) -> str:
    """Why a layer cannot be built; "" where it can."""
    kind, config = _kind_of(layer), layer.config
    if kind == "Lambda":
        return f"its layer {layer.name} is Python code (Lambda), which is never run"
    known = kind in _SETTINGS or kind in _ARITHMETIC or kind in IDENTITIES
    if kind not in ("InputLayer", "Normalization", *_SCALED) and not known:
        return f"its layer {layer.name} is a {kind}, which is not known here"
    if config.get("data_format") == "channels_first":
        return f"its layer {layer.name} has the channels first"
    name = activation_name(config.get("activation"))
    if name not in _ACTIVATIONS or (is_keras_2 and name == "hard_sigmoid"):
        return f"its layer {layer.name} has the activation {name}, which is not known here"
    axis = config.get("axis", -1)
    if kind == "BatchNormalization" and axis not in (-1, 3, [-1], [3]):
        return f"its layer {layer.name} normalises along another axis than the channels"
    return ""


def _kind_of(layer: Layer) -> str:
    if layer.kind == "TFOpLambda":
        function = str(layer.config.get("function"))
        return _TENSORFLOW_FUNCTIONS.get(function, f"TFOpLambda of {function}")
    return layer.kind


def layers_before(graph: LayerGraph, output: str) -> list[Layer]:
    """The layers that an output depends on, in order."""
    needed, waiting = set[str](), [output]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(graph.layers[name].inputs)
    return [layer for layer in graph.layers.values() if layer.name in needed]


def build_keras_model(
    graph: LayerGraph,
    output: str,
    weights: Mapping[str, Weights],
    *,
    side_px: int | None,
    path: Path,
) -> Any:
    """A Keras model from the picture to a layer's output.

    Args:
        graph: all layers.
        output: the last layer that is wanted.
        weights: of the layers that have some.
        side_px: of the picture; None for any size.
        path: of the network, for errors.

    Raises:
        ModelError: a layer cannot be built, or its weights do not fit.
    """
    keras = import_keras()
    values: dict[str, Any] = {}
    for layer in layers_before(graph, output):
        if layer.kind == "InputLayer":
            values[layer.name] = picture = keras.Input((side_px, side_px, 3))
            continue
        given = [values[o] if isinstance(o, str) else o for o in layer.operands]
        try:
            values[layer.name] = _applied(keras, layer, given, weights.get(layer.name, {}))
        except (ValueError, TypeError, KeyError) as error:
            reason = str(error).splitlines()[0] if str(error) else repr(error)
            raise unusable(path, f"its layer {layer.name} does not fit ({reason}).") from error
    return keras.Model(picture, values[output])


def _applied(keras: Any, layer: Layer, given: list[Any], weights: Weights) -> Any:
    """What a layer makes of its inputs."""
    kind = _kind_of(layer)
    if kind in IDENTITIES:
        return given[0]
    if kind == "Normalization":
        return _normalised(layer, given[0], weights)
    if kind in _SCALED:
        return _scaled(layer, given, weights)
    if kind in _ARITHMETIC and any(isinstance(value, float) for value in given):
        return _ARITHMETIC[kind](*given)
    if kind in ("TrueDivide", "Divide"):
        return given[0] / given[1]
    settings = {key: layer.config[key] for key in _SETTINGS[kind] if key in layer.config}
    if kind == "LeakyReLU":
        settings.setdefault("negative_slope", layer.config.get("alpha", 0.3))
    if "activation" in settings:
        settings["activation"] = activation_name(settings["activation"])
    if kind == "ReLU":
        settings = {key: value for key, value in settings.items() if value is not None}
    made = getattr(keras.layers, kind)(**settings)
    result = made(given if len(given) > 1 else given[0])
    made.set_weights([weights[name] for name in variables_of(layer)])
    return result


def _scaled(layer: Layer, given: list[Any], weights: Weights) -> Any:
    if layer.kind == "LayerScale":
        return given[0] * weights["gamma"]
    return given[0] + given[1] * float(layer.config["scale"])


def _normalised(layer: Layer, x: Any, weights: Weights) -> Any:
    """Keras's Normalization with what it has learnt, or was given."""
    import numpy as np

    mean = weights.get("mean", layer.config.get("mean"))
    variance = weights.get("variance", layer.config.get("variance"))
    deviation = np.maximum(np.sqrt(np.asarray(variance, np.float32)), 1e-7)
    return (x - np.asarray(mean, np.float32)) / deviation
