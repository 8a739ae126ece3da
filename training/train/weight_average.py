"""A running average of a network's weights: it forgets the noise of the last steps."""

import copy

from torch import nn


class Average:
    """The average; `network` is the averaged network, which is never trained itself."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self._decay = decay

    def follow(self, network: nn.Module, step: int) -> None:
        """Take in the weights and batch statistics after step number `step` (from 1)."""
        # A short memory at first, or the random start would linger.
        keep = min(self._decay, (1 + step) / (10 + step))
        theirs = network.state_dict()
        for name, mine in self.network.state_dict().items():
            if mine.is_floating_point():
                mine.lerp_(theirs[name], 1.0 - keep)
