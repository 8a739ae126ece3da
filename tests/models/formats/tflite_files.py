"""Small TensorFlow Lite classifiers, written operator by operator: float32, uint8 and int8."""

from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

SIDE_PX, CELLS, CHANNELS, HIDDEN, CLASSES = 32, 8, 6, 8, 3
RNG = np.random.default_rng(8)
KERNEL = RNG.normal(0, 0.3, (CHANNELS, 4, 4, 3)).astype(np.float32)
FIRST = RNG.normal(0, 0.8, (HIDDEN, CHANNELS)).astype(np.float32)
LAST = RNG.normal(0, 0.8, (CLASSES, HIDDEN)).astype(np.float32)
BIASES = [RNG.normal(0, 0.3, size).astype(np.float32) for size in (CHANNELS, HIDDEN, CLASSES)]


class Writer:
    """Collects tensors and operators."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.model, self.graph = schema.ModelT(), schema.SubGraphT()
        self.model.version, self.model.description = 3, b"a test"
        self.model.operatorCodes, self.model.buffers = [], [schema.BufferT()]
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]

    def tensor(self, shape: Any, dtype: str, values: Any = None, scale: Any = None, zero: int = 0):
        tensor = schema.TensorT()
        tensor.shape, tensor.name = list(shape), f"t{len(self.graph.tensors)}".encode()
        tensor.type = getattr(schema.TensorType, dtype)
        tensor.buffer = 0
        if values is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        if scale is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = [float(scale)]
            tensor.quantization.zeroPoint = [int(zero)]
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def activations(self, shape: Any, scale: float, zero: int):
        """A tensor of the file's kind; zero is that of uint8."""
        if self.kind == "float":
            return self.tensor(shape, "FLOAT32")
        shift = 128 if self.kind == "int8" else 0
        return self.tensor(shape, self.kind.upper(), scale=scale, zero=zero - shift)

    def weights(self, kernel: Any, bias: Any, input_scale: float) -> list[int]:
        if self.kind == "float":
            return [self.tensor(a.shape, "FLOAT32", a) for a in (kernel, bias)]
        scale = float(np.abs(kernel).max()) / 127
        levels = np.round(kernel / scale)
        dtype, zero = ("UINT8", 128) if self.kind == "uint8" else ("INT8", 0)
        stored = (levels + zero).astype(dtype.lower())
        of_bias = np.round(bias / (scale * input_scale)).astype(np.int32)
        return [
            self.tensor(kernel.shape, dtype, stored, scale, zero),
            self.tensor(bias.shape, "INT32", of_bias, scale * input_scale),
        ]

    def operator(self, kind: str, inputs: list[int], output: int, options: str, **settings: Any):
        code, operator = schema.OperatorCodeT(), schema.OperatorT()
        code.builtinCode = getattr(schema.BuiltinOperator, kind)
        code.deprecatedBuiltinCode, code.version = code.builtinCode, 1
        if kind in ("CONV_2D", "FULLY_CONNECTED", "MEAN", "SOFTMAX") and self.kind == "int8":
            code.version = {"CONV_2D": 3, "FULLY_CONNECTED": 4, "MEAN": 2, "SOFTMAX": 2}[kind]
        self.model.operatorCodes.append(code)
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, options)
        if options != "NONE":
            operator.builtinOptions = getattr(schema, f"{options}T")()
        for name, value in settings.items():
            setattr(operator.builtinOptions, name, value)
        self.graph.operators.append(operator)
        return output

    def write(self, path: Path, entry: int, output: int) -> Path:
        self.graph.inputs, self.graph.outputs = [entry], [output]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        path.write_bytes(bytes(builder.Output()))
        return path


def write_classifier(
    path: Path, kind: str, pooling: str = "MEAN", activation: str = "RELU"
) -> Path:
    """A convolution with ReLU6, the pooling, a layer with an activation, classes and a softmax.

    Args:
        path: of the new file.
        kind: "float" (pictures from -1 to 1), "uint8" or "int8".
        pooling: "MEAN", "AVERAGE_POOL_2D", or "" for a file without any.
        activation: of the layer behind the pooling: "RELU", "TANH", "RELU_N1_TO_1".
    """
    file, functions = Writer(kind), schema.ActivationFunctionType
    entry = file.activations([1, SIDE_PX, SIDE_PX, 3], 2 / 255, 128)
    x = file.operator(
        "CONV_2D",
        [entry, *file.weights(KERNEL, BIASES[0], 2 / 255)],
        file.activations([1, CELLS, CELLS, CHANNELS], 6 / 255, 0),
        "Conv2DOptions",
        strideW=4, strideH=4, padding=schema.Padding.VALID,
        dilationWFactor=1, dilationHFactor=1, fusedActivationFunction=functions.RELU6,
    )  # fmt: skip
    if pooling == "MEAN":
        axes = file.tensor([2], "INT32", np.array([1, 2], np.int32))
        pooled = file.activations([1, CHANNELS], 6 / 255, 0)
        x = file.operator("MEAN", [x, axes], pooled, "ReducerOptions", keepDims=False)
    elif pooling:
        pooled = file.activations([1, 1, 1, CHANNELS], 6 / 255, 0)
        x = file.operator(
            pooling, [x], pooled, "Pool2DOptions", padding=schema.Padding.VALID,
            strideW=CELLS, strideH=CELLS, filterWidth=CELLS, filterHeight=CELLS,
        )  # fmt: skip
    hidden, fused = file.activations([1, HIDDEN], 8 / 255, 0), activation.replace("TANH", "NONE")
    x = file.operator(
        "FULLY_CONNECTED", [x, *file.weights(FIRST, BIASES[1], 6 / 255)], hidden,
        "FullyConnectedOptions", fusedActivationFunction=getattr(functions, fused),
    )  # fmt: skip
    if activation == "TANH":  # an operator of its own
        x = file.operator("TANH", [x], file.activations([1, HIDDEN], 1 / 128, 128), "NONE")
    logits = file.activations([1, CLASSES], 20 / 255, 128)
    x = file.operator(
        "FULLY_CONNECTED", [x, *file.weights(LAST, BIASES[2], 8 / 255)], logits,
        "FullyConnectedOptions",
    )  # fmt: skip
    said = file.activations([1, CLASSES], 1 / 256, 0)
    x = file.operator("SOFTMAX", [x], said, "SoftmaxOptions", beta=1.0)
    return file.write(path, entry, x)
