"""The surgery: cuts MobileNet v1 at `conv_pw_13_relu`, with the normalisation in the graph.

TensorFlow is imported inside the functions: on the CPU path with a warm cache none of them runs.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.types import NETWORK_SIDE_PX, Head
from livecam.errors import ModelError
from livecam.models.catalogue import ModelSpec
from livecam.native.stderr import silenced_native_stderr
from livecam.native.tensorflow import NetworkFunction, import_keras, import_tensorflow

NORM_CONST = 2.0 / 255.0
INP_MIN = -1.0
FEATURE_LAYER = "conv_pw_13_relu"
CLASS_LAYER = "conv_preds"
GRAPH_VERSION = 2  # raise it when the exported graph changes: it is part of the cache key


@dataclass(frozen=True, slots=True, eq=False)
class FeatureModel:
    """MobileNet after the surgery: it gives the features before the pooling as well as the logits.

    Attributes:
        keras_model: the whole Keras model, for inference only.
        infer: uint8 RGB [224, 224, 3] to features and logits, not yet traced.
        head: the class columns.
    """

    keras_model: Any
    infer: NetworkFunction
    head: Head


def build_feature_model(spec: ModelSpec, weights: Path, *, float16: bool = False) -> FeatureModel:
    """Build MobileNet, load the weights and cut it at `conv_pw_13_relu`.

    Args:
        spec: which network.
        weights: an HDF5 file in Keras's layout.
        float16: compute in float16 with float32 variables (GPU only; outputs stay float32).

    Raises:
        ModelError: the file does not fit the network or is damaged.
    """
    full = _load_keras_model(spec, weights, "mixed_float16" if float16 else "float32")
    kernel, bias = full.get_layer(CLASS_LAYER).get_weights()
    head = Head(np.ascontiguousarray(kernel[0, 0], np.float32), np.asarray(bias, np.float32))
    return FeatureModel(full, _function_with_features(full), head)


def _load_keras_model(spec: ModelSpec, weights: Path, policy: str) -> Any:
    keras = import_keras()
    usual_policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        with silenced_native_stderr(), warnings.catch_warnings():
            # Keras warns where a layer keeps its random weights: that is a failure here.
            warnings.filterwarnings("error", message="Skipping", category=UserWarning)
            side = NETWORK_SIDE_PX
            model = keras.applications.MobileNet(
                input_shape=(side, side, 3),
                alpha=spec.alpha,
                weights=None,
                classes=len(spec.labels.names),
            )
            model.load_weights(str(weights))
    except (ValueError, OSError, KeyError, UserWarning) as error:
        reason = " ".join(str(error).split())[:160]
        raise ModelError(
            f"the weights {weights} do not fit {spec.title} or are damaged ({reason}): "
            f"check --alpha and --weights."
        ) from error
    finally:
        keras.config.set_dtype_policy(usual_policy)
    return model


def _function_with_features(full: Any) -> NetworkFunction:
    """uint8 RGB [224, 224, 3] to features and logits, as a plain function to be traced."""
    tf = import_tensorflow()
    keras = import_keras()
    outputs = [full.get_layer(FEATURE_LAYER).output, full.get_layer(CLASS_LAYER).output]
    base = keras.Model(full.inputs[0], outputs)

    def infer(rgb: Any) -> dict[str, Any]:
        normalised = tf.cast(rgb, tf.float32) * NORM_CONST + INP_MIN
        # [newaxis] and [0] would make LiteRT copy both, the second without XNNPACK.
        features, logits = base(tf.expand_dims(normalised, 0), training=False)
        return {
            "features": tf.squeeze(tf.cast(features, tf.float32), 0),
            "logits": tf.reshape(tf.cast(logits, tf.float32), [-1]),
        }

    return infer
