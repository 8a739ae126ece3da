"""The Protocol of an opened microphone, and what it gives; tests pass a simulated one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from livecam.core.live_sound import SoundInput, SoundSamples


@dataclass(frozen=True, slots=True, eq=False)
class CapturedSound:
    """A block of sound as the device gave it.

    Attributes:
        samples: int16 [samples, channels].
        began_s: when the first one sounded, on the program's clock, as it was noticed.
        is_after_loss: samples before it were lost: nobody took them in time.
    """

    samples: SoundSamples
    began_s: float
    is_after_loss: bool = False


@dataclass(frozen=True, slots=True)
class MicrophoneInfo:
    """A microphone as the system lists it.

    Attributes:
        number: what PortAudio calls it now; after one was plugged in or out that may differ.
        name: what its maker or the system calls it.
        system: the interface that it is reached by, like "ALSA" or "Windows WASAPI".
        channels: how many it has.
        rate: samples per second that it likes best.
        is_default: whether it is taken where none is named.
    """

    number: int
    name: str
    system: str
    channels: int
    rate: int
    is_default: bool


class MicrophoneDevice(SoundInput, Protocol):
    """An opened microphone; opened, looked after and closed in one thread."""

    @property
    def is_active(self) -> bool:
        """False where it will give no more."""

    def start(self, take: Callable[[CapturedSound], None]) -> None:
        """Let `take` be called with every block, in a thread of the device."""

    def close(self) -> None:
        """Close it; may take long where its driver hangs."""


OpenMicrophone = Callable[[], MicrophoneDevice]
"""Opens the device; raises SourceError where that fails. Called again after every loss."""
