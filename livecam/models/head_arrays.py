"""A network's head, and the sizes it takes, as named arrays: what `head.npz` holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head, HiddenLayer
from livecam.core.network_size import MOBILENET_INPUT, InputSize

_BEND = "bend"  # of a hidden layer: negative slope and ceiling


def arrays_of(head: Head, input_size: InputSize) -> dict[str, npt.NDArray[Any]]:
    """The arrays, by their names in the file."""
    arrays: dict[str, npt.NDArray[Any]] = {"kernel": head.kernel, "bias": head.bias}
    for number, layer in enumerate(head.hidden):
        arrays[f"kernel{number}"], arrays[f"bias{number}"] = layer.kernel, layer.bias
        arrays[f"{_BEND}{number}"] = np.array([layer.negative_slope, layer.ceiling])
    if head.places is not None:
        arrays["places"] = np.array(head.places)
    if input_size != MOBILENET_INPUT:
        arrays["input"] = np.array([input_size.side_px, input_size.cells, input_size.is_fixed])
    return arrays


def head_of(arrays: Mapping[str, npt.NDArray[Any]]) -> Head:
    """The head that the arrays hold.

    Raises:
        KeyError: there is none.
    """
    hidden: list[HiddenLayer] = []
    while f"kernel{len(hidden)}" in arrays:
        number = len(hidden)
        slope, ceiling = arrays[f"{_BEND}{number}"].tolist()
        kernel, bias = arrays[f"kernel{number}"], arrays[f"bias{number}"]
        hidden.append(HiddenLayer(kernel, bias, slope, ceiling))
    places = tuple(arrays["places"].tolist()) if "places" in arrays else None
    # Contiguous columns: the one of the shown class is taken out for every frame.
    return Head(np.asfortranarray(arrays["kernel"]), arrays["bias"], tuple(hidden), places)


def input_size_of(arrays: Mapping[str, npt.NDArray[Any]]) -> InputSize:
    """The sizes that the network takes; MobileNet's where the arrays do not say."""
    if "input" not in arrays:
        return MOBILENET_INPUT
    side_px, cells, is_fixed = arrays["input"].tolist()
    return InputSize(side_px, cells, bool(is_fixed))
