"""Builds a network of layers up to its features, at any size that it takes, and its head."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import cv2
import numpy as np

from livecam.core.head import Head
from livecam.core.network_size import InputSize
from livecam.core.types import RgbImage
from livecam.models.feature_model import FeatureModel
from livecam.models.formats.head_folding import NoMapError, folded_head
from livecam.models.formats.head_layers import steps_of
from livecam.models.formats.keras_layers import build_keras_model
from livecam.models.formats.layer_graph import Weights, unusable
from livecam.models.formats.layer_graph_spec import CutNetwork
from livecam.models.int8_conversion import int8_file
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import import_keras, import_tensorflow


def build_feature_model(network: CutNetwork, *, float16: bool = False) -> FeatureModel:
    """The network up to its features, and its head.

    Raises:
        ModelError: the weights do not fit, or it does not take pictures of this size.
    """
    keras, weights = import_keras(), network.file.read_weights()
    usual_policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16" if float16 else "float32")
    try:
        with silenced_native_stderr():
            model, input_size, is_averaged = _built(network, weights)
            head = _head(network, weights, model, None if is_averaged else input_size.cells)
    finally:
        keras.config.set_dtype_policy(usual_policy)
    tf = import_tensorflow()

    def of_values(values: Any) -> dict[str, Any]:
        if input_size.is_fixed:
            values = tf.reshape(values, (1, input_size.side_px, input_size.side_px, 3))
        features = model(network.preprocessing.applied(values), training=False)
        return {"features": tf.cast(features, tf.float32)}

    return FeatureModel(
        lambda rgb: of_values(tf.cast(rgb, tf.float32)),
        head,
        partial(_quantised, of_values, input_size.side_px),
        input_size,
        keras_model=model,
    )


def _built(network: CutNetwork, weights: Mapping[str, Weights]) -> tuple[Any, InputSize, bool]:
    """The model, what sizes it takes, and whether its features are averaged."""
    head = network.head
    features, is_averaged = head.features, not head.flattens
    model, cells = _of_layer(network, features, weights, grows=is_averaged)
    last = network.file.graph.layers[features]
    if not is_averaged and cells == 1 and last.kind == "AveragePooling2D":
        is_averaged = True  # of all there is
        model, cells = _of_layer(network, last.inputs[0], weights, grows=True)
    is_fixed = model.input_shape[1] is not None
    return model, InputSize(network.side_px, cells, is_fixed=is_fixed), is_averaged


def _of_layer(
    network: CutNetwork, features: str, weights: Mapping[str, Weights], *, grows: bool
) -> tuple[Any, int]:
    """The model up to a layer, of any size where it can be, and how many cells its map has."""
    side_px, path = network.side_px, network.file.path
    build = partial(build_keras_model, network.file.graph, features, weights, path=path)
    if grows:
        with suppress(Exception):  # Keras raises many kinds for layers of one size
            model = build(side_px=None)
            cells = _cells(model, network, 1.0, 1.0)[0]
            if side_px % cells == 0 and all(
                _cells(model, network, rows / cells, columns / cells) == (rows, columns)
                for rows, columns in ((cells, cells + 1), (2 * cells, cells), (3 * cells,) * 2)
            ):
                return model, cells
    model = build(side_px=side_px)
    if len(model.output_shape) != 4 or model.output_shape[1] != model.output_shape[2]:
        shape = list(model.output_shape[1:])
        raise unusable(path, f"its features have the shape {shape}, not that of a square map.")
    return model, int(model.output_shape[1])


def _cells(model: Any, network: CutNetwork, rows: float, columns: float) -> tuple[int, int]:
    """Rows and columns of the map of a picture so many times as high and wide as usual."""
    size = round(rows * network.side_px), round(columns * network.side_px)
    found = model.compute_output_shape((1, *size, 3))
    return int(found[1]), int(found[2])


def _head(
    network: CutNetwork, weights: Mapping[str, Weights], model: Any, flattened_cells: int | None
) -> Head:
    places = None if flattened_cells is None else (flattened_cells, flattened_cells)
    try:
        steps = steps_of(network.head, weights)
        head, _ = folded_head(steps, int(model.output_shape[-1]), places)
    except NoMapError as error:
        raise unusable(network.file.path, f"{error}.") from error
    except ValueError as error:
        raise unusable(network.file.path, f"its layers do not fit together ({error}).") from error
    return head


def _quantised(
    of_values: Callable[[Any], dict[str, Any]], side_px: int, squares: Sequence[RgbImage]
) -> bytes:
    sized = [cv2.resize(square, (side_px, side_px)) for square in squares]
    return int8_file(of_values, [np.asarray(square, np.float32) for square in sized], (0, 255))
