"""Converts a network function to an int8 LiteRT file; typical pictures set the ranges."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import import_tensorflow

Floats = npt.NDArray[np.float32]


def int8_file(
    network: Callable[[Any], dict[str, Any]],
    pictures: Sequence[Floats],
    lowest_highest: tuple[float, float],
) -> bytes:
    """The network as an int8 LiteRT file; its input is int8.

    Args:
        network: float32 RGB [1, height, width, 3] to features.
        pictures: float32 RGB [height, width, 3], what it gets of typical ones; a hundred or more.
        lowest_highest: of the values that it may get: the range of the input, whatever the pictures
            show.
    """
    tf = import_tensorflow()
    lowest, highest = lowest_highest
    whole = np.full_like(pictures[0], lowest)
    whole[0] = highest
    signature = [tf.TensorSpec([1, None, None, 3], tf.float32)]
    with silenced_native_stderr(), warnings.catch_warnings():
        # TensorFlow warns that it takes the input's range from the pictures, which is intended.
        warnings.simplefilter("ignore", UserWarning)
        traced = tf.function(network, input_signature=signature, autograph=False)
        concrete = traced.get_concrete_function()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], None)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([x[None]] for x in [whole, *pictures])
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        return bytes(converter.convert())
