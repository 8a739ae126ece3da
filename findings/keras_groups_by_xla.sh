#!/usr/bin/env bash
# Keras 3 gives a convolution with groups to XLA when TensorFlow computes it on a processor, as
# "grouped convolutions are broken on CPU without XLA" (keras/src/backend/tensorflow/nn.py). They
# are not: `tf.nn.conv2d` takes the same kernel and gives the same values. In float64, which one
# chooses to have a truth to compare with, XLA takes 60 times as long: 13 s for one depthwise layer
# of ConvNeXtTiny (14 x 14 cells, 384 channels, 7 x 7), of which it has nine at that size; in float32
# ten times as long as the depthwise convolution that it is. A `tf.function` around it changes
# nothing: it is the sums that are slow, not the compiling. The network seems to hang; the warning
# that is printed speaks of retracing (keras 3.15.1, tensorflow 2.21.0).
#
# The guess: float64 takes twice the time of float32; `Conv2D` with groups takes the time of the
# operation that TensorFlow has for it; what is slow in a first call is quick in the next ones.
# livecam converts such networks once, for LiteRT, where they are depthwise convolutions; its
# benchmark of keras.applications (benchmarks/quality/keras_families_worker.py) computes the float64
# that it compares with by `tf.nn.conv2d`: seconds instead of more than twelve minutes.
# Needs bash, python3 (3.11 or newer) and pip; any user; four minutes.
# The output, which this script compares with what it gets:
#   > float32: over ten times the time of tf.nn.depthwise_conv2d: True; values the same: True
#   > float64: over 15 times the time of tf.nn.conv2d: True; values the same: True
#   > float64, second call of a tf.function: over 15 times the time of tf.nn.conv2d: True
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


def fastest(function, count):
    taken = []
    for _ in range(1 + count):  # the first call also compiles
        began = perf_counter()
        result = function()
        taken.append(perf_counter() - began)
    print(*(f"{one:.3f}" for one in taken), file=sys.stderr)
    return result, min(taken[1:])


def same(one, other):
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-4))


def layer_and_input(dtype):
    keras.config.set_dtype_policy(dtype)
    layer = keras.layers.Conv2D(CHANNELS, KERNEL, padding="same", groups=CHANNELS, use_bias=False)
    values = np.random.default_rng(1).normal(size=(1, SIDE, SIDE, CHANNELS)).astype(dtype)
    layer.build(values.shape)
    return layer, tf.constant(values)


layer, values = layer_and_input("float32")
kernel = tf.transpose(layer.kernel, [0, 1, 3, 2])
found, keras_s = fastest(lambda: layer(values), 3)
depthwise, depthwise_s = fastest(
    lambda: tf.nn.depthwise_conv2d(values, kernel, [1, 1, 1, 1], "SAME"), 5
)
print("float32: over ten times the time of tf.nn.depthwise_conv2d:",
      f"{keras_s > 10 * depthwise_s}; values the same: {same(found, depthwise)}")

layer, values = layer_and_input("float64")
found, keras_s = fastest(lambda: layer(values), 1)
plain, plain_s = fastest(lambda: tf.nn.conv2d(values, layer.kernel, 1, "SAME"), 5)
print("float64: over 15 times the time of tf.nn.conv2d:",
      f"{keras_s > 15 * plain_s}; values the same: {same(found, plain)}")
within = tf.function(lambda x: layer(x))
_, within_s = fastest(lambda: within(values), 1)
print("float64, second call of a tf.function: over 15 times the time of tf.nn.conv2d:",
      within_s > 15 * plain_s)
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: keras_groups_by_xla"
