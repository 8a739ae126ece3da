"""Keras' MobileNet (v1) in torch: the same layer names, paddings and constants."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.network.depthwise_convolution import depthwise
from training.settings import CLASSES, OTHER

Maps = TypeVar("Maps", np.ndarray, torch.Tensor)

# (filters at alpha 1, stride) of the thirteen blocks
BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2),
          (1024, 1))  # fmt: skip
EPSILON = 1e-3  # Keras' default for BatchNormalization, torch's is 1e-5


class Convolution(nn.Conv2d):
    """A bias-free convolution padded as Keras does: below and to the right only at stride 2."""

    def __init__(self, channels: int, filters: int, side: int, stride: int, groups: int) -> None:
        padding = side // 2 if stride == 1 else 0
        super().__init__(
            channels, filters, side, stride, padding=padding, groups=groups, bias=False
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Convolve `[N, C, H, W]`."""
        if self.stride[0] == 2:
            pictures = F.pad(pictures, (0, 1, 0, 1))
        if self.groups > 1:
            return depthwise(pictures, self.weight, self.stride[0], int(self.padding[0]))
        return super().forward(pictures)


class MobileNet(nn.Module):
    """MobileNet v1 with its head; attributes carry Keras' layer names."""

    def __init__(self, alpha: float, classes: int) -> None:
        super().__init__()
        self.order: list[str] = []
        width = int(32 * alpha)
        self._add("conv1", Convolution(3, width, 3, 2, groups=1))
        for number, (filters, stride) in enumerate(BLOCKS, start=1):
            out = int(filters * alpha)
            self._add(f"conv_dw_{number}", Convolution(width, width, 3, stride, groups=width))
            self._add(f"conv_pw_{number}", Convolution(width, out, 1, 1, groups=1))
            width = out
        self.conv_preds = nn.Conv2d(width, classes, 1)
        self.to(memory_format=torch.channels_last)

    def _add(self, name: str, layer: Convolution) -> None:
        nn.init.kaiming_normal_(layer.weight, mode="fan_out" if layer.groups == 1 else "fan_in")
        self.add_module(name, layer)
        self.add_module(f"{name}_bn", nn.BatchNorm2d(layer.out_channels, eps=EPSILON))
        self.order.append(name)

    def features(self, pictures: Tensor) -> Tensor:
        """Return `conv_pw_13_relu` `[N, C, H/32, W/32]` of RGB pictures in -1..1."""
        return self.layers(pictures, self.order[-1:])[0]

    def layers(self, pictures: Tensor, names: Sequence[str]) -> list[Tensor]:
        """Return the activations of some layers after their ReLU6, in the network's order."""
        found = []
        for name in self.order:
            pictures = self._after(name, pictures)
            if name in names:
                found.append(pictures)
        return found

    def between(self, activations: Tensor, first: str | None, last: str) -> Tensor:
        """Return the activations of layer `last` from those of `first`; None is the picture."""
        start = 0 if first is None else self.order.index(first) + 1
        for name in self.order[start : self.order.index(last) + 1]:
            activations = self._after(name, activations)
        return activations

    def _after(self, name: str, activations: Tensor) -> Tensor:
        layer, norm = getattr(self, name), getattr(self, f"{name}_bn")
        return F.relu6(norm(layer(activations)), inplace=True)

    def maps(self, features: Tensor) -> Tensor:
        """Return the class maps `[N, classes, h, w]`, without bias."""
        return F.conv2d(features, self.conv_preds.weight)

    def logits(self, maps: Tensor) -> Tensor:
        """Return the logits `[N, classes]`: pooling and a 1 x 1 convolution commute."""
        bias = self.conv_preds.bias
        assert bias is not None
        return maps.mean((2, 3)) + bias


def load_mobilenet(path: Path, alpha: float) -> MobileNet:
    """Return a trained network of the six classes from the file of its weights."""
    network = MobileNet(alpha, len(CLASSES))
    network.load_state_dict(torch.load(path, weights_only=True))
    return network


def centred_maps(maps: Maps) -> Maps:
    """Subtract from class maps `[N, classes, ...]` their mean over the classes.

    A map that is added to all classes alike changes no probability.
    """
    return maps - maps.mean(1, keepdims=True)


def flower_evidence(centred: Maps) -> Maps:
    """Return the map of "any flower at all" `[N, ...]` from centred class maps."""
    return centred[:, :OTHER].mean(1) - centred[:, OTHER]


def network_input(pictures_rgb: Tensor) -> Tensor:
    """Scale uint8 `[N, H, W, 3]` to float `[N, 3, H, W]` in -1..1 (channels last in memory)."""
    return pictures_rgb.permute(0, 3, 1, 2).float().mul_(2.0 / 255.0).sub_(1.0)
