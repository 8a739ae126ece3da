"""TensorFlow and Keras: imported only when needed, silently, with memory growth on a GPU."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from livecam.core.types import NETWORK_SIDE_PX
from livecam.errors import ModelError
from livecam.native.stderr import native_stderr_held


def import_tensorflow() -> Any:
    """TensorFlow, imported without its greetings; memory growth is set before its first use."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with native_stderr_held():
            import tensorflow as tf

            # Where the caller's program has used the GPU before us, its choice stands.
            with suppress(RuntimeError):
                for gpu in tf.config.list_physical_devices("GPU"):
                    tf.config.experimental.set_memory_growth(gpu, True)
    except (ImportError, RuntimeError) as error:
        raise ModelError(
            f"TensorFlow cannot be imported ({error}): install it with 'pip install tensorflow'."
        ) from error
    return tf


def import_keras() -> Any:
    """Keras, with TensorFlow as its backend."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import_tensorflow()
    import keras

    return keras


def frozen(infer: Callable[[Any], dict[str, Any]]) -> Any:
    """A concrete function of `infer` with its variables turned into constants."""
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    spec = tf.TensorSpec([NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3], tf.uint8, name="rgb")
    return convert_variables_to_constants_v2(
        tf.function(infer, input_signature=[spec]).get_concrete_function()
    )
