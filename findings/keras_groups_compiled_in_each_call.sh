#!/usr/bin/env bash
# Keras gives a convolution with groups to XLA when TensorFlow computes it, and makes the function
# that is compiled anew within the layer's call: outside of a `tf.function` (a model that is called
# as `model(x)`, a gradient tape) each call compiles it again, though the layer, the shape and the
# device are the same. A depthwise layer of ConvNeXt takes 15 times as long as the same sums by
# `tf.nn.depthwise_conv2d`; in float64, which one takes to have a truth to compare with, hundreds of
# times: 18 s for one of ConvNeXtTiny's eighteen, so that the network seems to hang (keras 3.15.1,
# tensorflow 2.21.0, on a processor). TensorFlow warns of "retracing", and advises what the caller
# cannot do: to define the function outside of the loop.
#
# The guess: the first call is slow, those after it are not; `DepthwiseConv2D` and `Conv2D` with as
# many groups as channels take about as long, as they compute the same.
# The sides of the last stage but one of ConvNeXtTiny, 7 x 7 kernels, four calls each.
# livecam converts such networks once, for LiteRT; its benchmark of the families of
# keras.applications (benchmarks/quality/keras_families_worker.py) computes them as depthwise.
# Needs bash, python3 (3.11 or newer) and pip; any user; three minutes.
# The output, which this script compares with what it gets:
#   > float32: the last of four calls takes at least half of the second one's time: True
#   > float32: at least 4 times the time of depthwise_conv2d: True; values the same: True
#   > float64: at least 40 times the time of depthwise_conv2d: True; values the same: True
#   > within a tf.function, float32, second call: less than a quarter of the call outside: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6
"$folder/venv/bin/python" - << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import os
import sys
from time import perf_counter

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import keras
import numpy as np
import tensorflow as tf

SIDE, CHANNELS, KERNEL = 14, 384, 7


def seconds(function, count):
    taken = []
    for _ in range(count):
        began = perf_counter()
        result = function()
        taken.append(perf_counter() - began)
    return result, taken


def layer_and_input(dtype):
    keras.config.set_dtype_policy(dtype)
    layer = keras.layers.Conv2D(CHANNELS, KERNEL, padding="same", groups=CHANNELS, use_bias=False)
    values = np.random.default_rng(1).normal(size=(1, SIDE, SIDE, CHANNELS)).astype(dtype)
    layer.build(values.shape)
    return layer, tf.constant(values)


def compared(dtype, calls, times):
    layer, values = layer_and_input(dtype)
    found, of_keras = seconds(lambda: layer(values), calls)
    kernel = tf.transpose(layer.kernel, [0, 1, 3, 2])
    expected, depthwise = seconds(
        lambda: tf.nn.depthwise_conv2d(values, kernel, [1, 1, 1, 1], "SAME"), 5
    )
    is_slow = of_keras[-1] > times * min(depthwise)
    is_same = bool(np.allclose(found, expected, rtol=1e-4, atol=1e-4))
    print(dtype, *(f"{one:.3f}" for one in (*of_keras, min(depthwise))), file=sys.stderr)
    return of_keras, is_slow, is_same


of_keras, is_slow, is_same = compared("float32", 4, 4)
print("float32: the last of four calls takes at least half of the second one's time:",
      of_keras[-1] >= 0.5 * of_keras[1])
told = "times the time of depthwise_conv2d"
print(f"float32: at least 4 {told}: {is_slow}; values the same: {is_same}")
_, is_slow, is_same = compared("float64", 1, 40)
print(f"float64: at least 40 {told}: {is_slow}; values the same: {is_same}")
layer, values = layer_and_input("float32")
within = tf.function(lambda x: layer(x))
_, taken = seconds(lambda: within(values), 4)
print("within a tf.function, float32, second call: less than a quarter of the call outside:",
      min(taken[1:]) < 0.25 * of_keras[-1])
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: keras_groups_compiled_in_each_call"
