"""TensorFlow and Keras: imported only when needed, silently, with memory growth on a GPU."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from livecam.core.types import NETWORK_SIDE_PX
from livecam.errors import ModelError
from livecam.native.stderr import silenced_native_stderr


def import_tensorflow() -> Any:
    """TensorFlow, imported without its messages; memory growth is set before its first use.

    Raises:
        ModelError: it is not installed, or cannot be imported.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with silenced_native_stderr():
            import tensorflow as tf

            # If the caller's program has used the GPU already, its setting stays.
            with suppress(RuntimeError):
                for gpu in tf.config.list_physical_devices("GPU"):
                    tf.config.experimental.set_memory_growth(gpu, True)
    except (ImportError, RuntimeError) as error:
        raise ModelError(
            f"TensorFlow cannot be imported ({error}): install it with 'pip install tensorflow'."
        ) from error
    return tf


def import_keras() -> Any:
    """Keras, with TensorFlow as its backend.

    Raises:
        ModelError: TensorFlow cannot be imported.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import_tensorflow()
    import keras

    return keras


NetworkFunction = Callable[[Any], dict[str, Any]]
"""A function of TensorFlow tensors: uint8 RGB [224, 224, 3] to {"features": float32
[7, 7, channels], "logits": float32 [classes]}. models/surgery.py builds it, engines run it."""


def freeze_variables(infer: NetworkFunction) -> Any:
    """A concrete function of `infer`, traced, with its variables turned into constants."""
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    spec = tf.TensorSpec([NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3], tf.uint8, name="rgb")
    return convert_variables_to_constants_v2(
        tf.function(infer, input_signature=[spec]).get_concrete_function()
    )
