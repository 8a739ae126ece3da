"""The Protocol of sound that comes while it is recorded (a microphone), and of sources with it."""

from typing import NewType, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

SoundSamples = NewType("SoundSamples", npt.NDArray[np.int16])
"""int16 [samples, channels]."""


class SoundInput(Protocol):
    """Where sound comes from, and in which form."""

    @property
    def title(self) -> str:
        """Name of the microphone."""

    @property
    def rate(self) -> int:
        """Samples per second."""

    @property
    def channels(self) -> int:
        """1 or 2."""


@runtime_checkable
class LiveSound(SoundInput, Protocol):
    """Sound as a function of time: each sample has its index on the program's clock.

    Sample `i` sounded at `i / rate` seconds of the clock that frames' `captured_s` counts on. Where
    nothing was heard, samples are 0.
    """

    @property
    def known_until_s(self) -> float:
        """Up to here, on the program's clock, nothing more will come."""

    @property
    def level(self) -> float:
        """Largest amplitude of the last moment, 0 to 1."""

    def read(self, begin: int, end: int) -> SoundSamples:
        """The samples from one index to another; of what is older than is kept, and unknown, 0."""

    def wait_until_known(self, until_s: float, timeout_s: float) -> None:
        """Wait until `known_until_s` is so late; at most so long."""


@runtime_checkable
class HasSound(Protocol):
    """A source that knows whether it comes with sound (a camera or a stream)."""

    @property
    def has_sound(self) -> bool:
        """Whether it does, now that it is open."""
