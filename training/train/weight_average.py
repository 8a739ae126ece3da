"""Exponential moving average (EMA) of a network's weights."""

import copy

from torch import nn


class WeightAverage:
    """`network` is the averaged network, which is never trained itself."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self._decay = decay

    def update(self, network: nn.Module, step: int) -> None:
        """Average in the weights and batch statistics after step number `step` (from 1)."""
        # A small decay at first, or the random start would stay in the average for long.
        decay = min(self._decay, (1 + step) / (10 + step))
        trained = network.state_dict()
        for name, averaged in self.network.state_dict().items():
            if averaged.is_floating_point():
                averaged.lerp_(trained[name], 1.0 - decay)
