"""Quantises any network function to int8 after training, without correcting its biases."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import import_tensorflow


def quantise_function(
    network: Callable[[Any], dict[str, Any]], pictures: Sequence[npt.NDArray[np.float32]]
) -> bytes:
    """The network as an int8 LiteRT file; its input is int8, the picture's values minus 128.

    Args:
        network: float32 RGB [1, height, width, 3], 0 to 255, to features.
        pictures: float32 RGB [height, width, 3], typical ones; a hundred or more. They set the
            ranges of all layers.
    """
    tf = import_tensorflow()
    # The inputs must cover the whole range, whatever the pictures show.
    whole = np.zeros_like(pictures[0])
    whole[0] = 255.0
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
