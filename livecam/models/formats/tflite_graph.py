"""A TensorFlow Lite classifier as operators and tensors: where it pools, and its head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.models.formats.head_folding import (
    Affine,
    Bend,
    Curve,
    Final,
    NoMapError,
    Scale,
    Step,
    prelu_steps,
)

IDENTIFIER = b"TFL3"
IDENTIFIER_OFFSET = 4
_TYPES = {"FLOAT32": "<f4", "FLOAT16": "<f2", "INT32": "<i4", "INT8": "i1", "UINT8": "u1"}


def schema() -> Any:
    """The generated classes of the file format, which come with LiteRT."""
    from ai_edge_litert import schema_py_generated

    return schema_py_generated


def names_by_number(enumeration: type) -> dict[int, str]:
    """The names of an enumeration of the format."""
    return {v: k for k, v in vars(enumeration).items() if isinstance(v, int)}


@dataclass(frozen=True, slots=True, eq=False)
class TFLiteGraph:
    """A parsed file.

    Attributes:
        model: the generated classes' ModelT.
        graph: its only subgraph.
    """

    model: Any
    graph: Any

    @classmethod
    def parsed(cls, content: bytes) -> "TFLiteGraph":
        """The graph in a file; the generated classes raise many kinds where it is damaged."""
        flat = schema().Model.GetRootAs(content, 0)
        model = schema().ModelT.InitFromObj(flat)
        if len(model.subgraphs) != 1:
            raise NoMapError(f"it has {len(model.subgraphs)} graphs, not one")
        return cls(model, model.subgraphs[0])

    def kind(self, operator: Any) -> str:
        """The operator's name: "CONV_2D"."""
        code = self.model.operatorCodes[operator.opcodeIndex]
        number = max(code.builtinCode, code.deprecatedBuiltinCode)
        return names_by_number(schema().BuiltinOperator).get(number, "CUSTOM")

    def maker_of(self, tensor: int) -> Any:
        """The operator whose output this tensor is; None of constants and inputs."""
        return next((op for op in self.graph.operators if tensor in list(op.outputs)), None)

    def shape(self, tensor: int) -> list[int]:
        """Its shape."""
        return [int(size) for size in self.graph.tensors[tensor].shape]

    def dtype(self, tensor: int) -> str:
        """Its type's name: "FLOAT32"."""
        return names_by_number(schema().TensorType)[self.graph.tensors[tensor].type]

    def quantisation(self, tensor: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Scales and zero points; empty where it is not quantised."""
        found = self.graph.tensors[tensor].quantization
        if found is None or found.scale is None or found.zeroPoint is None:
            return np.empty(0), np.empty(0)
        return np.asarray(found.scale, np.float64), np.asarray(found.zeroPoint, np.float64)

    def constant(self, tensor: int) -> npt.NDArray[np.float64] | None:
        """The values of a constant, dequantised; None where it is none."""
        data = self.model.buffers[self.graph.tensors[tensor].buffer].data
        if data is None or len(data) == 0:
            maker = self.maker_of(tensor)
            is_stored_smaller = maker is not None and self.kind(maker) == "DEQUANTIZE"
            return self.constant(int(maker.inputs[0])) if is_stored_smaller else None
        raw = np.frombuffer(np.asarray(data, np.uint8).tobytes(), _TYPES[self.dtype(tensor)])
        values = raw.reshape(self.shape(tensor)).astype(np.float64)
        scales, zero_points = self.quantisation(tensor)
        if not scales.size:
            return values
        axis = self.graph.tensors[tensor].quantization.quantizedDimension
        form = [-1 if n == axis and scales.size > 1 else 1 for n in range(values.ndim)]
        return (values - zero_points.reshape(form)) * scales.reshape(form)


@dataclass(frozen=True, slots=True, eq=False)
class TFLiteCut:
    """A graph cut before its pooling.

    Attributes:
        features: the tensor that is pooled: [1, rows, columns, channels].
        steps: what follows the pooling.
    """

    features: int
    steps: tuple[Step, ...]


def cut(graph: TFLiteGraph) -> TFLiteCut:
    """Find pooling and head, from the end backwards.

    Raises:
        NoMapError: there is no pooling, or what follows it has no map.
    """
    outputs = list(graph.graph.outputs)
    if len(outputs) != 1 or len(graph.graph.inputs) != 1:
        raise NoMapError(
            f"it has {len(graph.graph.inputs)} inputs and {len(outputs)} outputs, not one of each"
        )
    steps: list[Step] = []
    tensor = int(outputs[0])
    while True:
        operator = graph.maker_of(tensor)
        if operator is None:
            raise NoMapError("it does not pool its features")
        tensor = _input_of(graph, operator)
        if _is_pooling(graph, operator):
            return TFLiteCut(tensor, tuple(reversed(steps)))
        steps.extend(reversed(list(_steps_of(graph, operator))))


def _input_of(graph: TFLiteGraph, operator: Any) -> int:
    """The tensor that an operator goes on from: of two the one that is no constant and no gate."""
    given = [int(tensor) for tensor in operator.inputs if tensor >= 0]
    if graph.kind(operator) not in _ARITHMETIC:
        return given[0]
    gated = _gated(graph, operator)
    if gated is not None:
        return gated
    open_ends = [tensor for tensor in given if graph.constant(tensor) is None]
    if len(open_ends) != 1:
        kind = graph.kind(operator)
        raise NoMapError(f"several paths lead to its classes, joined by {kind}: there is no map")
    return open_ends[0]


def _gated(graph: TFLiteGraph, operator: Any) -> int | None:
    """Of x * sigmoid(x), which is swish, the tensor x; else None."""
    if graph.kind(operator) != "MUL":
        return None
    one, other = (int(tensor) for tensor in operator.inputs)
    for gate, given in ((one, other), (other, one)):
        maker = graph.maker_of(gate)
        is_gate = maker is not None and graph.kind(maker) == "LOGISTIC"
        if is_gate and int(maker.inputs[0]) == given:
            return given
    return None


def _is_pooling(graph: TFLiteGraph, operator: Any) -> bool:
    """Whether it is the mean over all places."""
    kind, features = graph.kind(operator), graph.shape(int(operator.inputs[0]))
    if len(features) != 4 or features[1:3] == [1, 1]:
        return False
    if kind == "MEAN":
        axes = graph.constant(int(operator.inputs[1]))
        return axes is not None and sorted(int(axis) for axis in axes.ravel()) == [1, 2]
    return kind == "AVERAGE_POOL_2D" and graph.shape(int(operator.outputs[0]))[1:3] == [1, 1]


_ARITHMETIC = frozenset({"ADD", "SUB", "MUL"})
_CURVES = {"TANH": "tanh", "ELU": "elu", "HARD_SWISH": "hard_swish"}
_BENDS: dict[str, tuple[Step, ...]] = {
    "NONE": (),
    "RELU": (Bend(),),
    "RELU6": (Bend(ceiling=6.0),),
    "RELU_N1_TO_1": (  # from -1 to 1: from 0 to 2, one lower
        Scale(np.array(1.0), np.array(1.0)),
        Bend(ceiling=2.0),
        Scale(np.array(1.0), np.array(-1.0)),
    ),
}
"""Activations that are fused into other operators."""


def _steps_of(graph: TFLiteGraph, operator: Any) -> Iterator[Step]:
    """What an operator behind the pooling does, in order."""
    kind = graph.kind(operator)
    if kind in ("RESHAPE", "SQUEEZE", "QUANTIZE", "DEQUANTIZE"):
        return
    if kind == "SOFTMAX":
        yield Final("softmax")
    elif kind == "LOGISTIC":
        yield Final("sigmoid")
    elif kind in ("FULLY_CONNECTED", "CONV_2D"):
        yield _affine(graph, operator, kind)
        yield from _fused(operator.builtinOptions)
    elif kind in _ARITHMETIC:
        yield _arithmetic(graph, operator, kind)
        yield from _fused(operator.builtinOptions)
    else:
        yield from _activation(graph, operator, kind)


def _activation(graph: TFLiteGraph, operator: Any, kind: str) -> Sequence[Step]:
    """An activation that is an operator of its own."""
    options = operator.builtinOptions
    if kind == "LEAKY_RELU":
        return [Bend(float(options.alpha))]
    if kind == "GELU":
        return [Curve("gelu_tanh" if options.approximate else "gelu")]
    if kind == "PRELU":
        slopes = graph.constant(int(operator.inputs[1]))
        if slopes is None:
            raise NoMapError("the slopes of its PRELU before the classes are no constants")
        return prelu_steps(slopes.ravel())
    if kind in _CURVES:
        return [Curve(_CURVES[kind])]
    if kind not in _BENDS:
        raise NoMapError(f"{kind} before its classes has no map")
    return _BENDS[kind]


def _fused(options: Any) -> tuple[Step, ...]:
    """The activation that an operator ends with."""
    functions = names_by_number(schema().ActivationFunctionType)
    name = functions[options.fusedActivationFunction]
    if name not in _BENDS:
        raise NoMapError(f"{name} before its classes is not known here")
    return _BENDS[name]


def _arithmetic(graph: TFLiteGraph, operator: Any, kind: str) -> Step:
    """A constant that is added, subtracted or multiplied; or a swish."""
    if _gated(graph, operator) is not None:
        return Curve("swish")
    first, second = (graph.constant(int(tensor)) for tensor in operator.inputs)
    constant = first if first is not None else second
    assert constant is not None  # noqa: S101  (_input_of has looked)
    values, one, zero = constant.ravel(), np.array(1.0), np.array(0.0)
    if kind == "MUL":
        return Scale(values, zero)
    if kind == "ADD":
        return Scale(one, values)
    return Scale(one, -values) if first is None else Scale(-one, values)


def _affine(graph: TFLiteGraph, operator: Any, kind: str) -> Affine:
    kernel = graph.constant(int(operator.inputs[1]))
    if kernel is None or (kind == "CONV_2D" and kernel.shape[1:3] != (1, 1)):
        raise NoMapError(f"its {kind} before the classes is of several places")
    kernel = kernel.reshape(kernel.shape[0], -1).T
    given = int(operator.inputs[2]) if len(operator.inputs) > 2 else -1
    bias = graph.constant(given) if given >= 0 else None
    return Affine(kernel, np.zeros(kernel.shape[1]) if bias is None else bias.ravel())
