"""Converts weights between Keras' arrays and torch's modules, by layer name."""

from collections.abc import Callable, Mapping
from pathlib import Path

import h5py
import numpy as np
import torch

from training.network.mobilenet import MobileNet

Array = np.ndarray
NORM_PARTS = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def read_imagenet_weights(path: Path) -> dict[str, Array]:
    """Return `layer/part -> array` of a Keras 2 weights file of the published MobileNets."""
    arrays: dict[str, Array] = {}

    def collect(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            layer, _, part = name.split("/")
            arrays[f"{layer}/{part.removesuffix(':0')}"] = item[()]

    with h5py.File(path) as file:
        file.visititems(collect)
    return arrays


def to_torch(network: MobileNet, arrays: Mapping[str, Array], *, head: bool = True) -> None:
    """Copy Keras' arrays into the network; without `head` its `conv_preds` is left alone."""
    with torch.no_grad():
        for name, tensor, transpose in _pairs(network):
            if head or not name.startswith("conv_preds"):
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(transpose(arrays[name]))))


def from_torch(network: MobileNet) -> dict[str, Array]:
    """Return `layer/part -> array` in Keras' axis order."""
    backwards = {_depthwise: _depthwise_back, _kernel: _kernel_back, _same: _same}
    return {
        name: backwards[transpose](tensor.detach().float().numpy()).copy()
        for name, tensor, transpose in _pairs(network)
    }


def _pairs(
    network: MobileNet,
) -> list[tuple[str, torch.Tensor, Callable[[Array], Array]]]:
    pairs: list[tuple[str, torch.Tensor, Callable[[Array], Array]]] = []
    for name in network.order:
        transpose = _depthwise if "_dw_" in name else _kernel
        pairs.append((f"{name}/kernel", getattr(network, name).weight, transpose))
        norm = getattr(network, f"{name}_bn")
        pairs += [(f"{name}_bn/{k}", getattr(norm, v), _same) for k, v in NORM_PARTS.items()]
    pairs.append(("conv_preds/kernel", network.conv_preds.weight, _kernel))
    pairs.append(("conv_preds/bias", network.conv_preds.bias, _same))
    return pairs


def _kernel(array: Array) -> Array:
    return array.transpose(3, 2, 0, 1)  # rows, columns, in, out -> out, in, rows, columns


def _kernel_back(array: Array) -> Array:
    return array.transpose(2, 3, 1, 0)


def _depthwise(array: Array) -> Array:
    return array.transpose(2, 3, 0, 1)  # rows, columns, in, 1 -> in, 1, rows, columns


def _depthwise_back(array: Array) -> Array:
    return array.transpose(2, 3, 0, 1)


def _same(array: Array) -> Array:
    return array
