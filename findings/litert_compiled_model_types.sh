#!/usr/bin/env bash
# LiteRT's CompiledModel takes arrays of another type, and shorter ones, as a model's input without
# an error: the bytes are copied as they are, so whole numbers become tiny floats, and where a short
# array ends the input before goes on (ai-edge-litert 2.3.0). livecam uses the older Interpreter,
# which refuses both (livecam/engines/litert.py).
#
# The guess: the newer interface converts, or refuses as the older one does; that it does refuse
# float64 and arrays that are too long makes its check look complete.
# The model is y = x + x for four float32. Before each try the input holds 1, 2, 3, 4.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > float32 [5, 6, 7, 8]     CompiledModel [10, 12, 14, 16]  Interpreter [10, 12, 14, 16]
#   > int32   [5, 6, 7, 8]     CompiledModel [0, 0, 0, 0]      Interpreter ValueError
#   > uint8   [5, 6, 7, 8]     CompiledModel [0, 4, 6, 8]      Interpreter ValueError
#   > float32 [5, 6]           CompiledModel [10, 12, 6, 8]    Interpreter ValueError
#   > float64 [5, 6, 7, 8]     CompiledModel ValueError        Interpreter ValueError
#   > float32 [5, 6, 7, 8, 9]  CompiledModel RuntimeError      Interpreter ValueError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ai-edge-litert==2.3.0 numpy==2.4.6 flatbuffers==25.12.19
"$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.compiled_model import CompiledModel
from ai_edge_litert.interpreter import Interpreter

x, y, add, code = schema.TensorT(), schema.TensorT(), schema.OperatorT(), schema.OperatorCodeT()
x.name, x.shape, x.type = b"x", [4], schema.TensorType.FLOAT32
y.name, y.shape, y.type = b"y", [4], schema.TensorType.FLOAT32
add.inputs, add.outputs, add.builtinOptions = [0, 0], [1], schema.AddOptionsT()
add.builtinOptionsType, code.builtinCode = schema.BuiltinOptions.AddOptions, 0  # 0 is ADD
graph, model, builder = schema.SubGraphT(), schema.ModelT(), flatbuffers.Builder(0)
graph.tensors, graph.operators, graph.inputs, graph.outputs = [x, y], [add], [0], [1]
model.version, model.subgraphs, model.operatorCodes = 3, [graph], [code]
model.buffers = [schema.BufferT()]
builder.Finish(model.Pack(builder), b"TFL3")

old = Interpreter(model_content=bytes(builder.Output()))
old.allocate_tensors()
new = CompiledModel.from_buffer(bytes(builder.Output()))
inputs, outputs = new.create_input_buffers(0), new.create_output_buffers(0)


def by_compiled_model(values):
    inputs[0].write(np.array([1, 2, 3, 4], np.float32))
    inputs[0].write(values)
    new.run_by_index(0, inputs, outputs)
    return outputs[0].read(4, np.float32)


def by_interpreter(values):
    old.set_tensor(0, values)
    old.invoke()
    return old.get_tensor(1)


def outcome(run, values):
    try:
        return str([round(float(value)) for value in run(values)])
    except (ValueError, RuntimeError) as error:
        return type(error).__name__


for given in ("float32 8", "int32 8", "uint8 8", "float32 6", "float64 8", "float32 9"):
    dtype, last = given.split()
    values = np.arange(5, int(last) + 1).astype(dtype)
    told = f"{dtype:7} {values.astype(int).tolist()}"
    compiled, interpreted = outcome(by_compiled_model, values), outcome(by_interpreter, values)
    print(f"{told:24} CompiledModel {compiled:17} Interpreter {interpreted}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: litert_compiled_model_types"
