"""The surgery: cuts MobileNet v1 at `conv_pw_13_relu`, with the normalisation in the graph.

TensorFlow is imported inside the functions: on the CPU path with a warm cache none of them runs.
"""

import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.head import Head
from livecam.core.types import NETWORK_SIDE_PX
from livecam.errors import ModelError
from livecam.models.feature_model import FeatureModel
from livecam.models.int8_quantisation import quantise
from livecam.models.mobilenet_spec import MobileNetSpec
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import NetworkFunction, import_keras, import_tensorflow

NORM_CONST = 2.0 / 255.0
INP_MIN = -1.0
FEATURE_LAYER = "conv_pw_13_relu"
CLASS_LAYER = "conv_preds"
PADDING_LAYERS = "conv_pad_"
GRAPH_VERSION = 6  # raise it when the exported graph changes: it is part of the cache key


def build_feature_model(
    spec: MobileNetSpec, weights: Path, *, float16: bool = False
) -> FeatureModel:
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
    return FeatureModel(
        _function_with_features(full), head, partial(quantise, full), keras_model=full
    )


def _load_keras_model(spec: MobileNetSpec, weights: Path, policy: str) -> Any:
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


def _of_any_size(full: Any) -> Any:
    """The layers up to the features, for any input whose sides are multiples of 32.

    Keras builds MobileNet with classes for one size only. It is a chain of layers; those that
    halve the size pad in a layer of their own, which is what padding to the same size means for
    even sides: in one step, LiteRT copies nothing.
    """
    keras = import_keras()
    x = first = keras.Input((None, None, 3))
    for layer in full.layers[1:]:
        if layer.name.startswith(PADDING_LAYERS):
            continue
        x = _padding_itself(layer)(x)
        if layer.name == FEATURE_LAYER:
            break
    return keras.Model(first, x)


def _padding_itself(layer: Any) -> Any:
    """The layer, or, of one that expects padding before it, a copy that pads."""
    if getattr(layer, "padding", "same") == "same":
        return layer
    twin = type(layer).from_config({**layer.get_config(), "padding": "same"})
    twin.build(layer.input.shape)
    twin.set_weights(layer.get_weights())
    return twin


def _function_with_features(full: Any) -> NetworkFunction:
    """See native/tensorflow.py, as a plain function to be traced."""
    tf = import_tensorflow()
    base = _of_any_size(full)

    def infer(rgb: Any) -> dict[str, Any]:
        normalised = tf.cast(rgb, tf.float32) * NORM_CONST + INP_MIN
        features = base(normalised, training=False)
        return {"features": tf.cast(features, tf.float32)}

    return infer
