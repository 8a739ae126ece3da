"""How a network wants its pictures: order of the colours and range, as Keras's families have it."""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from livecam.models.formats.layer_graph import LayerGraph, NetworkFile
from livecam.settings.model import ChannelOrder, PreprocessName

Colours = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What is done to a picture's values, 0 to 255: `value * factor + shift`.

    Attributes:
        name: as --preprocess spells it.
        factor: of each channel, in the network's order.
        shift: the same.
        order: of the channels.
        why: how it is known, in words.
    """

    name: PreprocessName
    factor: Colours
    shift: Colours
    order: ChannelOrder = "rgb"
    why: str = ""

    def applied(self, rgb: Any) -> Any:
        """The network's input, float32; rgb is an array or a tensor [..., 3] of float32."""
        ordered = rgb[..., ::-1] if self.order == "bgr" else rgb
        factor, shift = (np.asarray(values, np.float32) for values in (self.factor, self.shift))
        if self.name == "none":
            return ordered
        return ordered * factor + shift

    @property
    def description(self) -> str:
        """Range and order in words: "RGB, -1 to 1"."""
        low = [round(shift, 3) for shift in self.shift]
        high = [round(255 * f + s, 3) for f, s in zip(self.factor, self.shift, strict=True)]
        if len(set(low)) == 1:
            span = f"{low[0]:g} to {high[0]:g}"
        else:
            pairs = zip(low, high, strict=True)
            span = ", ".join(f"{a:g} to {b:g}" for a, b in pairs)
        return f"{self.order.upper()}, {span}"


def _even(name: PreprocessName, factor: float, shift: float) -> Preprocessing:
    return Preprocessing(name, (factor,) * 3, (shift,) * 3)


_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_TORCH_FACTOR = tuple(1 / 255 / d for d in _DEVIATION)
_TORCH_SHIFT = tuple(-m / d for m, d in zip(_MEAN, _DEVIATION, strict=True))

PREPROCESSINGS: dict[str, Preprocessing] = {
    "none": _even("none", 1.0, 0.0),
    "unit": _even("unit", 1 / 255, 0.0),
    "tf": _even("tf", 1 / 127.5, -1.0),
    "teachable-machine": _even("teachable-machine", 1 / 127, -1.0),
    "torch": Preprocessing("torch", _TORCH_FACTOR, _TORCH_SHIFT),  # type: ignore[arg-type]
    "caffe": Preprocessing("caffe", (1.0, 1.0, 1.0), (-103.939, -116.779, -123.68), "bgr"),
}
"""By their names, those of `keras.applications.imagenet_utils.preprocess_input` among them."""

_FAMILIES: tuple[tuple[str, str, PreprocessName], ...] = (
    ("MobileNetV3", r"expanded_conv_\w*squeeze_excite|^mobilenet_?v3", "tf"),
    ("MobileNet v1", r"^conv_pw_1$", "tf"),
    ("MobileNetV2", r"^block_1_expand$|^mobilenet_?v2", "tf"),
    ("ResNetV2", r"^conv2_block1_preact_bn$|^post_bn$", "tf"),
    ("ResNet", r"^conv2_block1_0_conv$|^res2a_branch2a$", "caffe"),
    ("DenseNet", r"^conv2_block1_0_bn$", "torch"),
    ("Xception", r"^block1_conv1_bn$", "tf"),
    ("VGG", r"^block1_conv1$", "caffe"),
    ("Inception", r"^mixed0$|^conv_7b$", "tf"),
    ("NASNet", r"^stem_conv1$", "tf"),
    ("EfficientNetV2", r"^efficientnet_?v2", "tf"),
)
"""Families of keras.applications: the name of a layer or network of theirs."""

_INSIDE = frozenset({"Rescaling", "Normalization", "TFOpLambda", "TrueDivide", "Subtract"})


def preprocessing_of(
    file: NetworkFile, wanted: PreprocessName = "auto", order: ChannelOrder | None = None
) -> Preprocessing:
    """How this network wants its pictures: as asked for, else as its maker or family has it."""
    if wanted == "auto":
        found = _known(file)
    else:
        found = replace(PREPROCESSINGS[wanted], why="as asked for")
    return replace(found, order=order or found.order)


def _known(file: NetworkFile) -> Preprocessing:
    if file.is_teachable_machine:
        return replace(PREPROCESSINGS["teachable-machine"], why="as Teachable Machine does")
    if _scales_itself(file.graph):
        return replace(PREPROCESSINGS["none"], why="the network scales them itself")
    names = [*file.graph.names, *(layer.path[-1] for layer in file.graph.layers.values())]
    for family, pattern, name in _FAMILIES:
        if any(re.search(pattern, candidate.casefold()) for candidate in names):
            return replace(PREPROCESSINGS[name], why=f"as Keras's {family} does")
    return replace(PREPROCESSINGS["unit"], why="not known: assumed; --preprocess says otherwise")


def _scales_itself(graph: LayerGraph) -> bool:
    """Whether the first layers that do something scale the picture."""
    users = {name: layer for layer in graph.layers.values() for name in layer.inputs}
    name = graph.input_name
    for _ in range(8):
        layer = users.get(name)
        if layer is None:
            return False
        if layer.kind in _INSIDE:
            return True
        if len(layer.inputs) != 1 or layer.kind in ("Conv2D", "DepthwiseConv2D"):
            return False
        name = layer.name
    return False
