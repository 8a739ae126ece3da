"""TensorFlow and Keras: imported only when needed, silently, with memory growth on a GPU."""

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from livecam.errors import ModelError
from livecam.native.silenced_stderr import silenced_native_stderr


def check_tensorflow() -> None:
    """Refuse where TensorFlow is not installed, without importing it, which takes seconds.

    Raises:
        ModelError: it is not.
    """
    try:
        reason = "" if importlib.util.find_spec("tensorflow") else "it is not installed"
    except ImportError as error:
        reason = str(error)
    if reason:
        raise _without_tensorflow(reason)


def import_tensorflow() -> Any:
    """TensorFlow, imported without its messages; memory growth is set before its first use.

    Raises:
        ModelError: it is not installed, or cannot be imported.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with silenced_native_stderr():
            with _without_settings_of_strangers():  # TensorFlow imports Keras
                import tensorflow as tf

            # If the caller's program has used the GPU already, its setting stays.
            with suppress(RuntimeError):
                for gpu in tf.config.list_physical_devices("GPU"):
                    tf.config.experimental.set_memory_growth(gpu, True)
    except (ImportError, RuntimeError) as error:
        raise _without_tensorflow(error) from error
    return tf


def _without_tensorflow(reason: object) -> ModelError:
    return ModelError(
        f"TensorFlow cannot be imported ({reason}); imagenet needs it once, to convert its "
        "weights: pip install tensorflow. Without it, --model flowers and livecam demo work."
    )


def import_keras() -> Any:
    """Keras, with TensorFlow as its backend.

    Raises:
        ModelError: TensorFlow cannot be imported.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import_tensorflow()
    with _without_settings_of_strangers():
        import keras
    return keras


@contextmanager
def _without_settings_of_strangers() -> Iterator[None]:
    """Keep Keras from reading its settings in /tmp, or in ./~, for want of a home.

    Anybody could have put them there.
    """
    home = os.path.expanduser("~")  # noqa: PTH111  (gives "~" without a home; pathlib raises)
    if "KERAS_HOME" in os.environ or (Path(home).is_absolute() and os.access(home, os.W_OK)):
        yield
        return
    os.environ["KERAS_HOME"] = os.path.join(os.devnull, "keras")  # noqa: PTH118
    try:
        yield
    finally:
        del os.environ["KERAS_HOME"]


NetworkFunction = Callable[[Any], dict[str, Any]]
"""A function of TensorFlow tensors: uint8 RGB [1, height, width, 3] to {"features": float32
[1, rows, columns, channels]}. models/ builds it, engines run it.

A batch of one, as the layers have it: a change of rank within the graph would make LiteRT give it
to XNNPACK in two parts."""


def freeze_variables(infer: NetworkFunction) -> Any:
    """A concrete function of `infer` for any size, its variables turned into constants."""
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    spec = tf.TensorSpec([1, None, None, 3], tf.uint8, name="rgb")
    return convert_variables_to_constants_v2(
        tf.function(infer, input_signature=[spec]).get_concrete_function()
    )
