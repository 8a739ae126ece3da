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

    def infer(self, rgb: RgbImage) -> npt.NDArray[np.float32]:
        """The features before the pooling, float32 [rows, columns, channels].

        Normalisation happens inside. The array belongs to the caller. A size that is new may take
        longer, once.

        Args:
            rgb: uint8 RGB [height, width, 3], of a size that the network takes.
        """
