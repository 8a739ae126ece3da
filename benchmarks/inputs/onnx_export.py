"""MobileNet v1 as an ONNX graph with the same weights: what the other runtimes run."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.core.head import Head
from livecam.models.catalogue import imagenet_spec
from livecam.models.int8_quantisation import Layer, folded_layers
from livecam.models.surgery import build_feature_model


class Graph:
    """Nodes and constants, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: Any) -> str:
        """A float32 constant; gives its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(values, np.float32), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """One operation; gives the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def write_onnx(scratch: ScratchFolder) -> None:
    """float32 [1, 3, 224, 224], normalised -> features [1, C, 7, 7] and logits [1, classes]."""
    feature_model = build_feature_model(imagenet_spec(1.0, scratch.weights), scratch.weights)
    graph = Graph()
    limits = [graph.constant("zero", 0.0), graph.constant("six", 6.0)]
    layers = folded_layers(feature_model.keras_model)
    activations = "picture"
    for number, layer in enumerate(layers):
        summed = add_convolution(graph, activations, number, layer)
        is_last = number == len(layers) - 1
        name = "features" if is_last else f"relu{number}"
        activations = graph.node("Clip", [summed, *limits], name)
    add_head(graph, activations, feature_model.head)
    model = model_of(graph, feature_model.head)
    onnx.checker.check_model(model)
    onnx.save(model, str(scratch.onnx))


def add_convolution(graph: Graph, inputs: str, number: int, layer: Layer) -> str:
    """A convolution, before its ReLU6, padded as Keras pads MobileNet."""
    # [height, width, in, out] -> [out, in, height, width]; depthwise has [.., channels, 1].
    axes = (2, 3, 0, 1) if layer.is_depthwise else (3, 2, 0, 1)
    kernel = np.ascontiguousarray(layer.kernel.transpose(axes))
    side = kernel.shape[2]
    weights = graph.constant(f"kernel{number}", kernel)
    biases = graph.constant(f"bias{number}", layer.bias)
    return graph.node(
        "Conv",
        [inputs, weights, biases],
        f"sum{number}",
        strides=[layer.stride] * 2,
        pads=[0, 0, 1, 1] if layer.stride == 2 else [side // 2] * 4,
        kernel_shape=[side, side],
        group=kernel.shape[0] if layer.is_depthwise else 1,
    )


def add_head(graph: Graph, features: str, head: Head) -> None:
    """The mean of the features, and the classes' columns."""
    flat = graph.node("Flatten", [graph.node("GlobalAveragePool", [features], "pooled")], "flat")
    columns, biases = graph.constant("columns", head.kernel), graph.constant("biases", head.bias)
    graph.node("Gemm", [flat, columns, biases], "logits")


def model_of(graph: Graph, head: Head) -> Any:
    """The finished model."""
    channels, classes = head.kernel.shape
    picture, features, logits = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (
            ("picture", [1, 3, 224, 224]),
            ("features", [1, channels, 7, 7]),
            ("logits", [1, classes]),
        )
    )
    made = helper.make_graph(
        graph.nodes, "mobilenet", [picture], [features, logits], graph.constants
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
