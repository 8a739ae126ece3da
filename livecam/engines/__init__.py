"""The engines that run the network: LiteRT and TensorFlow, each behind `Engine.infer`."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from livecam.core.types import RgbImage


class Engine(Protocol):
    """One network in one runtime, warmed up when constructed."""

    @property
    def name(self) -> str:
        """Short, for the figures on the screen: "LiteRT"."""

    @property
    def details(self) -> str:
        """Runtime, device, threads and precision, for messages and recordings."""

    def infer(self, rgb: RgbImage) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """uint8 RGB [224, 224, 3] -> features [7, 7, channels] and logits [classes], float32.

        Normalisation happens inside. The arrays belong to the caller.
        """
