#!/usr/bin/env bash
# Where a resized input makes a feature map smaller than the window of an average pool, LiteRT's
# default way of running (XNNPACK) pads the map with zeros and divides by the whole window, though
# the pool says VALID: activations fade without an error. Without XNNPACK the result is an array of
# no elements, and a convolution with the same window raises (ai-edge-litert 2.3.0). livecam resizes
# its input (livecam/engines/litert.py); its exports pool with MEAN, which is right at any size.
#
# The guess: VALID never pads; a pool over everything that was exported for one size of picture is
# refused at smaller ones, by resize_tensor_input or allocate_tensors.
# A model of one operator with a window of 8 x 8 (MEAN: over all) gets an input of ones: 8 x 8, as
# exported, then resized. The right mean is 1 everywhere.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > AVERAGE_POOL 8 x 8   XNNPACK (1, 1) 1.0     built-in (1, 1) 1.0
#   > AVERAGE_POOL 7 x 7   XNNPACK (1, 1) 0.7656  built-in (0, 0)
#   > AVERAGE_POOL 4 x 4   XNNPACK (1, 1) 0.25    built-in (0, 0)
#   > AVERAGE_POOL 4 x 16  XNNPACK (1, 9) 0.5     built-in (0, 9)
#   > MAX_POOL 4 x 4       XNNPACK (1, 1) 1.0     built-in (0, 0)
#   > CONV 4 x 4           XNNPACK RuntimeError   built-in RuntimeError
#   > MEAN 4 x 4           XNNPACK (1, 1) 1.0     built-in (1, 1) 1.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ai-edge-litert==2.3.0 numpy==2.4.6 flatbuffers==25.12.19
"$folder/venv/bin/python" - << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

WINDOW, VALID = 8, 1
KERNEL = np.full((1, WINDOW, WINDOW, 1), 1 / WINDOW**2, np.float32)
FLOAT, WHOLE = schema.TensorType.FLOAT32, schema.TensorType.INT32


def pool_options():
    options = schema.Pool2DOptionsT()
    options.padding, options.strideH, options.strideW = VALID, 1, 1
    options.filterHeight = options.filterWidth = WINDOW
    return options


def convolution_options():
    options = schema.Conv2DOptionsT()
    options.padding, options.strideH, options.strideW = VALID, 1, 1
    return options


def mean_options():
    options = schema.ReducerOptionsT()
    options.keepDims = True
    return options


OF_POOL = (schema.BuiltinOptions.Pool2DOptions, pool_options, [])
OPERATORS = {
    "AVERAGE_POOL": (schema.BuiltinOperator.AVERAGE_POOL_2D, *OF_POOL),
    "MAX_POOL": (schema.BuiltinOperator.MAX_POOL_2D, *OF_POOL),
    "CONV": (
        schema.BuiltinOperator.CONV_2D,
        schema.BuiltinOptions.Conv2DOptions,
        convolution_options,
        [KERNEL, np.zeros(1, np.float32)],
    ),
    "MEAN": (
        schema.BuiltinOperator.MEAN,
        schema.BuiltinOptions.ReducerOptions,
        mean_options,
        [np.array([1, 2], np.int32)],
    ),
}


def exported(name):
    """The bytes of a model of one operator, for an input of 1 x 8 x 8 x 1."""
    number, options_type, options, constants = OPERATORS[name]
    model, graph, operator, code = (
        schema.ModelT(),
        schema.SubGraphT(),
        schema.OperatorT(),
        schema.OperatorCodeT(),
    )
    shapes = [(1, WINDOW, WINDOW, 1), (1, 1, 1, 1), *(c.shape for c in constants)]
    graph.tensors, model.buffers = [], [schema.BufferT()]
    for place, shape in enumerate(shapes):
        tensor, constant = schema.TensorT(), constants[place - 2] if place >= 2 else None
        tensor.name, tensor.shape, tensor.type = f"t{place}".encode(), list(shape), FLOAT
        if constant is not None:
            buffer = schema.BufferT()
            buffer.data = list(constant.tobytes())
            tensor.buffer = len(model.buffers)
            tensor.type = FLOAT if constant.dtype == np.float32 else WHOLE
            model.buffers.append(buffer)
        graph.tensors.append(tensor)
    operator.inputs, operator.outputs = [0, *range(2, len(shapes))], [1]
    operator.builtinOptionsType, operator.builtinOptions = options_type, options()
    code.builtinCode = code.deprecatedBuiltinCode = number
    graph.operators, graph.inputs, graph.outputs = [operator], [0], [1]
    model.version, model.subgraphs, model.operatorCodes = 3, [graph], [code]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def outcome(name, shape, **how):
    try:
        network = Interpreter(model_content=exported(name), num_threads=1, **how)
        network.resize_tensor_input(0, [1, *shape, 1])
        network.allocate_tensors()
        network.set_tensor(0, np.ones((1, *shape, 1), np.float32))
        network.invoke()
        values = network.get_tensor(1)[0, :, :, 0]
    except RuntimeError:
        return "RuntimeError"
    return " ".join([str(values.shape), *(f"{round(float(v), 4)}" for v in np.unique(values))])


PLAIN = {"experimental_op_resolver_type": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES}
for name, shape in (
    ("AVERAGE_POOL", (8, 8)),
    ("AVERAGE_POOL", (7, 7)),
    ("AVERAGE_POOL", (4, 4)),
    ("AVERAGE_POOL", (4, 16)),
    ("MAX_POOL", (4, 4)),
    ("CONV", (4, 4)),
    ("MEAN", (4, 4)),
):
    told = f"{name} {shape[0]} x {shape[1]}"
    by_default, plain = outcome(name, shape), outcome(name, shape, **PLAIN)
    print(f"{told:20} XNNPACK {by_default:14} built-in {plain}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: litert_pool_over_small_input"
