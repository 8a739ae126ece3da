"""A network's head, and the sizes it takes, as named arrays: what `head.npz` holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head
from livecam.core.hidden_layers import AnyLayer, CurvedLayer, HiddenLayer, NormalisedLayer
from livecam.core.network_size import MOBILENET_INPUT, InputSize

_BEND = "bend"  # of a hidden layer: negative slope and ceiling
_CURVE, _ALPHA = "curve", "alpha"  # of one that is not piecewise linear: name and parameter
_FACTOR, _SHIFT, _EPSILON = "factor", "shift", "epsilon"  # of a layer normalisation


def arrays_of(head: Head, input_size: InputSize) -> dict[str, npt.NDArray[Any]]:
    """The arrays, by their names in the file."""
    arrays: dict[str, npt.NDArray[Any]] = {"kernel": head.kernel, "bias": head.bias}
    for number, layer in enumerate(head.hidden):
        of_layer = _arrays_of_layer(layer)
        arrays |= {f"{name}{number}": array for name, array in of_layer.items()}
    if head.places is not None:
        arrays["places"] = np.array(head.places)
    if input_size != MOBILENET_INPUT:
        arrays["input"] = np.array([input_size.side_px, input_size.cells, input_size.is_fixed])
    return arrays


def _arrays_of_layer(layer: AnyLayer) -> dict[str, npt.NDArray[Any]]:
    if isinstance(layer, NormalisedLayer):
        epsilon = np.array(layer.epsilon)
        return {_FACTOR: layer.factor, _SHIFT: layer.shift, _EPSILON: epsilon}
    dense = {"kernel": layer.kernel, "bias": layer.bias}
    if isinstance(layer, CurvedLayer):
        return dense | {_CURVE: np.array(layer.curve), _ALPHA: np.array(layer.alpha)}
    return dense | {_BEND: np.array([layer.negative_slope, layer.ceiling])}


def head_of(arrays: Mapping[str, npt.NDArray[Any]]) -> Head:
    """The head that the arrays hold.

    Raises:
        KeyError: there is none.
    """
    hidden: list[AnyLayer] = []
    while (layer := _layer_of(arrays, len(hidden))) is not None:
        hidden.append(layer)
    places = tuple(arrays["places"].tolist()) if "places" in arrays else None
    # Contiguous columns: the one of the shown class is taken out for every frame.
    return Head(np.asfortranarray(arrays["kernel"]), arrays["bias"], tuple(hidden), places)


def _layer_of(arrays: Mapping[str, npt.NDArray[Any]], number: int) -> AnyLayer | None:
    """The hidden layer of this number; None behind the last one."""
    if f"{_FACTOR}{number}" in arrays:
        factor, shift = arrays[f"{_FACTOR}{number}"], arrays[f"{_SHIFT}{number}"]
        return NormalisedLayer(factor, shift, float(arrays[f"{_EPSILON}{number}"]))
    if f"kernel{number}" not in arrays:
        return None
    kernel, bias = arrays[f"kernel{number}"], arrays[f"bias{number}"]
    if f"{_CURVE}{number}" in arrays:
        alpha = float(arrays[f"{_ALPHA}{number}"])
        return CurvedLayer(kernel, bias, str(arrays[f"{_CURVE}{number}"]), alpha)
    return HiddenLayer(kernel, bias, *arrays[f"{_BEND}{number}"].tolist())


def input_size_of(arrays: Mapping[str, npt.NDArray[Any]]) -> InputSize:
    """The sizes that the network takes; MobileNet's where the arrays do not say."""
    if "input" not in arrays:
        return MOBILENET_INPUT
    side_px, cells, is_fixed = arrays["input"].tolist()
    return InputSize(side_px, cells, bool(is_fixed))
