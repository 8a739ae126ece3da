#!/usr/bin/env bash
# Two readers of TensorFlow Lite files beside LiteRT compute some common operators otherwise than it,
# without an error or a line in the log. OpenCV counts what lies outside of the map in an average pool
# with the padding SAME; a dilated convolution with SAME, also a depthwise one, moves the map up and to
# the left, by a cell and more a layer; a softmax of each cell's classes is taken over the columns.
# OpenVINO passes over half_pixel_centers of a nearest resize, which `tf.image.resize` always sets: of
# each two cells it takes the other one (opencv-python 5.0.0.93, openvino 2026.4.1, ai-edge-litert
# 2.3.0). livecam reads such files with LiteRT alone (livecam/engines/litert.py).
#
# The guess: a reader that cannot do something says so, as OpenCV's does of EXP and ABS; one that takes
# a file gives what LiteRT gives, but for the last digits.
# Models of one operator, as TensorFlow's converter writes them (checked with tensorflow 2.21.0: its
# files of these give the same). OpenCV's are in the order NCHW, the others NHWC.
# Needs bash, python3 (3.11 or newer) and pip; any user; a minute on a quiet machine.
# The output, which this script compares with what it gets:
#   > average of ones, at a corner    LiteRT 1.0      OpenVINO 1.0      OpenCV 0.4444
#   > average of ones, in the middle  LiteRT 1.0      OpenVINO 1.0      OpenCV 1.0
#   > softmax of 4 classes, all 0     LiteRT 0.25     OpenVINO 0.25     OpenCV 0.2
#   > 5,5 after a 3 x 3 kernel        LiteRT 5,5      OpenVINO 5,5      OpenCV 5,5
#   > the same, dilated by 2          LiteRT 5,5      OpenVINO 5,5      OpenCV 4,4
#   > the same, dilated by 4          LiteRT 5,5      OpenVINO 5,5      OpenCV 2,2
#   > nearest, of 0 to 7 are left     LiteRT 1 3 5 7  OpenVINO 0 2 4 6  OpenCV 1 3 5 7
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
    ai-edge-litert==2.3.0 opencv-python==5.0.0.93 numpy==2.4.6 flatbuffers==25.12.19
"$folder/venv/bin/pip" install --quiet --no-deps openvino==2026.4.1
"$folder/venv/bin/python" - "$folder/model.tflite" << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import sys
from pathlib import Path

import cv2
import flatbuffers
import numpy as np
import openvino
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

FILE, SAME = sys.argv[1], 0
OPERATOR, OPTIONS, TYPE = schema.BuiltinOperator, schema.BuiltinOptions, schema.TensorType


def write(number, options_type, options, before, after, constants=()):
    """Writes a model of one operator: the shapes of its input and output, and its constants."""
    model, graph, operator, code = (
        schema.ModelT(),
        schema.SubGraphT(),
        schema.OperatorT(),
        schema.OperatorCodeT(),
    )
    shapes = [before, after, *(c.shape for c in constants)]
    graph.tensors, model.buffers = [], [schema.BufferT()]
    for place, shape in enumerate(shapes):
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.type = f"t{place}".encode(), list(shape), TYPE.FLOAT32
        if place >= 2:
            constant, buffer = constants[place - 2], schema.BufferT()
            buffer.data = list(constant.tobytes())
            tensor.buffer = len(model.buffers)
            tensor.type = TYPE.FLOAT32 if constant.dtype == np.float32 else TYPE.INT32
            model.buffers.append(buffer)
        graph.tensors.append(tensor)
    operator.inputs, operator.outputs = [0, *range(2, len(shapes))], [1]
    operator.builtinOptionsType, operator.builtinOptions = options_type, options
    code.builtinCode = code.deprecatedBuiltinCode = number
    graph.operators, graph.inputs, graph.outputs = [operator], [0], [1]
    graph.name, model.description, model.version = b"main", b"one operator", 3
    model.subgraphs, model.operatorCodes, model.metadata = [graph], [code], []
    model.signatureDefs = []
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    Path(FILE).write_bytes(builder.Output())


def by_litert(picture):
    network = Interpreter(FILE, num_threads=1)
    network.allocate_tensors()
    network.set_tensor(0, picture)
    network.invoke()
    return network.get_tensor(1)


def by_openvino(picture):
    core = openvino.Core()
    return core.compile_model(core.read_model(FILE), "CPU")([picture])[0]


def by_opencv(picture):
    network = cv2.dnn.readNetFromTFLite(FILE)
    network.setInput(picture.transpose(0, 3, 1, 2).copy())
    return network.forward().transpose(0, 2, 3, 1)


def show(words, picture, told):
    litert, vino, cv = (told(read(picture)[0]) for read in (by_litert, by_openvino, by_opencv))
    print(f"{words:30}  LiteRT {litert:7}  OpenVINO {vino:7}  OpenCV {cv}")


def number(value):
    return str(round(float(value), 4))


pool = schema.Pool2DOptionsT()
pool.padding, pool.strideH, pool.strideW, pool.filterHeight, pool.filterWidth = SAME, 1, 1, 3, 3
ones = np.ones((1, 5, 5, 1), np.float32)
write(OPERATOR.AVERAGE_POOL_2D, OPTIONS.Pool2DOptions, pool, ones.shape, ones.shape)
show("average of ones, at a corner", ones, lambda map_: number(map_[0, 0, 0]))
show("average of ones, in the middle", ones, lambda map_: number(map_[2, 2, 0]))

softmax = schema.SoftmaxOptionsT()
softmax.beta = 1.0
nothing = np.zeros((1, 3, 5, 4), np.float32)  # a map of 5 x 3 cells
write(OPERATOR.SOFTMAX, OPTIONS.SoftmaxOptions, softmax, nothing.shape, nothing.shape)
show("softmax of 4 classes, all 0", nothing, lambda map_: number(map_[0, 0, 0]))


def brightest(map_):
    return ",".join(map(str, np.unravel_index(np.argmax(map_[..., 0]), map_.shape[:2])))


cell, kernel = np.zeros((1, 11, 11, 1), np.float32), np.full((1, 3, 3, 1), 0.1, np.float32)
cell[0, 5, 5], kernel[0, 1, 1] = 1, 1
for words, dilation in (
    ("5,5 after a 3 x 3 kernel", 1),
    ("the same, dilated by 2", 2),
    ("the same, dilated by 4", 4),
):
    conv = schema.Conv2DOptionsT()
    conv.padding, conv.strideH, conv.strideW = SAME, 1, 1
    conv.dilationHFactor = conv.dilationWFactor = dilation
    constants = [kernel, np.zeros(1, np.float32)]
    write(OPERATOR.CONV_2D, OPTIONS.Conv2DOptions, conv, cell.shape, cell.shape, constants)
    show(words, cell, brightest)

nearest = schema.ResizeNearestNeighborOptionsT()
nearest.halfPixelCenters = True
row = np.tile(np.arange(8, dtype=np.float32)[:, None], (1, 8, 1, 1))
size = [np.array([4, 4], np.int32)]
options_type = OPTIONS.ResizeNearestNeighborOptions
write(OPERATOR.RESIZE_NEAREST_NEIGHBOR, options_type, nearest, row.shape, (1, 4, 4, 1), size)
show("nearest, of 0 to 7 are left", row, lambda map_: " ".join(f"{v:.0f}" for v in map_[0, :, 0]))
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: tflite_three_readers"
