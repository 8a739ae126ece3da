#!/usr/bin/env bash
# keras.applications' MobileNetV2, V3 and EfficientNet pad by hand, by the size that they are built
# for. Built without one, which is what `include_top=False` does by default, they pad as for even
# sizes: EfficientNetB1 with the same weights then gives 7 x 7 cells of a picture of its own size
# (240 pixels), where the network that was trained gives 8 x 8, and other values. No layer warns.
# Only where each stage has an even size (multiples of 32) are both the same (keras 3.15.1).
#
# The guess: a network without fully connected layers is the same at any size; the features of
# `EfficientNetB1(include_top=False)` are those that its classifier was trained with.
# The same random weights in a network built for one size and in one built for any size.
# livecam takes the paddings out of the file (livecam/models/formats/keras_layers.py), whatever size
# its picture has then; it builds no network by its name.
# Needs bash, python3 (3.11 or newer) and pip; any user; five minutes on a busy machine.
# The output, which this script compares with what it gets:
#   > MobileNetV2       224: built for it 7 x 7, for any size 7 x 7, the same values
#   > MobileNetV2       240: built for it 8 x 8, for any size 7 x 7
#   > MobileNetV3Small  240: built for it 8 x 8, for any size 7 x 7
#   > EfficientNetB1    240: built for it 8 x 8, for any size 7 x 7
#   > EfficientNetB3    300: built for it 10 x 10, for any size 9 x 9
#   > EfficientNetV2B1  240: built for it 8 x 8, for any size 8 x 8, the same values
#   > ResNet50          240: built for it 8 x 8, for any size 8 x 8, the same values
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
KERAS_BACKEND=jax "$folder/venv/bin/python" - << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import keras
import numpy as np

CASES = (
    ("MobileNetV2", 224),
    ("MobileNetV2", 240),
    ("MobileNetV3Small", 240),
    ("EfficientNetB1", 240),
    ("EfficientNetB3", 300),
    ("EfficientNetV2B1", 240),
    ("ResNet50", 240),
)
keras.utils.set_random_seed(0)


def cells(values):
    return f"{values.shape[1]} x {values.shape[2]}"


for name, side in CASES:
    family = getattr(keras.applications, name)
    built_for_it = family(weights=None, include_top=False, input_shape=(side, side, 3))
    for_any_size = family(weights=None, include_top=False)
    for_any_size.set_weights(built_for_it.get_weights())
    picture = np.random.default_rng(0).uniform(0, 255, (1, side, side, 3)).astype(np.float32)
    one, other = (np.asarray(each(picture)) for each in (built_for_it, for_any_size))
    told = f"{name:16}  {side}: built for it {cells(one)}, for any size {cells(other)}"
    same = one.shape == other.shape and np.allclose(one, other, atol=1e-5 * np.abs(one).max())
    print(told + ", the same values" * same, flush=True)
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: keras_built_for_any_size"
