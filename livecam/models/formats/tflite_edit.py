"""Makes the tensor before the pooling the output of a TensorFlow Lite file, and its input bytes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.models.formats.preprocessing import Preprocessing
from livecam.models.formats.tflite_graph import IDENTIFIER, TFLiteGraph, schema


def with_features(graph: TFLiteGraph, features: int, preprocessing: Preprocessing) -> bytes:
    """The file up to the features: uint8 RGB [1, height, width, 3] to float32 features.

    The graph is changed. Of a file that takes int8 the input stays int8: the values minus 128.

    Args:
        graph: from `TFLiteGraph.parsed`.
        features: the tensor that is pooled.
        preprocessing: of a file that takes float32; others say it by their quantisation.
    """
    import flatbuffers

    editor = _Editor(graph)
    main = graph.graph
    main.operators = editor.needed_for(features)
    if graph.dtype(int(main.inputs[0])) == "FLOAT32":
        main.inputs = [editor.input_of_bytes(int(main.inputs[0]), preprocessing)]
    if graph.dtype(features) != "FLOAT32":
        features = editor.added("DEQUANTIZE", [features], graph.shape(features))
    main.outputs = [features]
    graph.model.signatureDefs, graph.model.metadata = [], []  # they name the old outputs
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(graph.model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


class _Editor:
    """Adds operators, tensors and constants."""

    def __init__(self, graph: TFLiteGraph) -> None:
        self._graph = graph
        self._main = graph.graph

    def needed_for(self, tensor: int) -> list[Any]:
        """The operators that a tensor depends on, in order."""
        needed, kept = {tensor}, []
        for operator in reversed(self._main.operators):
            if needed & {int(made) for made in operator.outputs}:
                kept.append(operator)
                needed |= {int(taken) for taken in operator.inputs}
        return kept[::-1]

    def input_of_bytes(self, old: int, preprocessing: Preprocessing) -> int:
        """The tensor of a new uint8 input, from which the old one is computed."""
        kept, self._main.operators = self._main.operators, []
        shape = self._graph.shape(old)
        new = self._tensor(shape, "UINT8")
        x = self.added("CAST", [new], shape)
        if preprocessing.order == "bgr":
            indices = self._constant(np.array([2, 1, 0], np.int32), "INT32")
            x = self.added("GATHER", [x, indices], shape)
        factor, shift = (
            self._constant(np.array(values, np.float32), "FLOAT32")
            for values in (preprocessing.factor, preprocessing.shift)
        )
        x = self.added("MUL", [x, factor], shape)
        self.added("ADD", [x, shift], shape, into=old)
        self._main.operators += kept
        return new

    def added(
        self, kind: str, inputs: Sequence[int], shape: Sequence[int], into: int | None = None
    ) -> int:
        """One operator more, at the end; gives its output, float32."""
        output = self._tensor(shape, "FLOAT32") if into is None else into
        operator = schema().OperatorT()
        operator.opcodeIndex = self._code(kind)
        operator.inputs, operator.outputs = list(inputs), [output]
        options = {
            "CAST": "CastOptions", "GATHER": "GatherOptions", "MUL": "MulOptions",
            "ADD": "AddOptions", "DEQUANTIZE": "DequantizeOptions",
        }[kind]  # fmt: skip
        operator.builtinOptionsType = getattr(schema().BuiltinOptions, options)
        operator.builtinOptions = getattr(schema(), f"{options}T")()
        if kind == "GATHER":
            operator.builtinOptions.axis = 3
        if kind == "CAST":
            types = schema().TensorType
            operator.builtinOptions.inDataType = types.UINT8
            operator.builtinOptions.outDataType = types.FLOAT32
        self._main.operators.append(operator)
        return output

    def _code(self, kind: str) -> int:
        number = getattr(schema().BuiltinOperator, kind)
        codes = self._graph.model.operatorCodes
        for place, code in enumerate(codes):
            if max(code.builtinCode, code.deprecatedBuiltinCode) == number:
                return place
        code = schema().OperatorCodeT()
        code.builtinCode, code.deprecatedBuiltinCode = number, min(number, 127)
        code.version = 1
        codes.append(code)
        return len(codes) - 1

    def _tensor(self, shape: Sequence[int], kind: str, buffer: int = 0) -> int:
        tensor = schema().TensorT()
        tensor.shape, tensor.buffer = list(shape), buffer
        tensor.type = getattr(schema().TensorType, kind)
        tensor.name = f"livecam_{len(self._main.tensors)}".encode()
        self._main.tensors.append(tensor)
        return len(self._main.tensors) - 1

    def _constant(self, values: npt.NDArray[Any], kind: str) -> int:
        buffer = schema().BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._graph.model.buffers.append(buffer)
        return self._tensor(list(values.shape), kind, len(self._graph.model.buffers) - 1)
