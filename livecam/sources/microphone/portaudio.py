"""PortAudio, by the library sounddevice: lists microphones and opens them.

Nothing of it is imported before a microphone is asked for.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from livecam.core.live_sound import SoundSamples
from livecam.core.printable_text import quoted
from livecam.errors import SettingsError, SourceError
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.sources.live.delay import DelayEstimator
from livecam.sources.microphone.device import CapturedSound, MicrophoneInfo

LATENCY_S = 0.2
"""So long may the program be busy before samples are lost; the recorder is not in a hurry."""

OLDEST_S = 2.0
"""A block that claims to be older has a time stamp of no use: some systems give none (0)."""

SETTLED_S = 2.0
"""Before that, ALSA's plugin of PulseAudio reports delays of half a second that there are not."""

_INSTALL = 'pip install "livecam[microphone]"'


def import_sounddevice() -> Any:
    """The library.

    Raises:
        SettingsError: it is not installed, or does not find PortAudio.
    """
    try:
        with silenced_native_stderr():  # ALSA complains of every card that is not there
            import sounddevice
    except ModuleNotFoundError as error:
        raise SettingsError(f"--microphone needs the package {error.name}: {_INSTALL}") from error
    except OSError as error:
        way_out = "sudo apt install libportaudio2" if sys.platform == "linux" else "install it"
        raise SettingsError(
            f"--microphone needs the library PortAudio, which does not load ({error}): {way_out}"
        ) from error
    return sounddevice


def list_microphones(sounddevice: Any = None) -> list[MicrophoneInfo]:
    """Those that are attached now.

    Raises:
        SettingsError: a library is missing.
        SourceError: the system's sound does not answer.
    """
    sounddevice = sounddevice or import_sounddevice()
    try:
        systems = sounddevice.query_hostapis()
        devices = sounddevice.query_devices()
        default = _default_number(sounddevice)
    except sounddevice.PortAudioError as error:
        raise SourceError(f"microphones cannot be listed: {_reason(error)}") from error
    return [
        MicrophoneInfo(
            int(device["index"]),
            str(device["name"]),
            str(systems[device["hostapi"]]["name"]),
            int(device["max_input_channels"]),
            round(device["default_samplerate"]),
            int(device["index"]) == default,
        )
        for device in devices
        if device["max_input_channels"] > 0
    ]


def _default_number(sounddevice: Any) -> int | None:
    """The number of the microphone that the system takes by itself; None where there is none."""
    try:
        return int(sounddevice.query_devices(kind="input")["index"])
    except (sounddevice.PortAudioError, ValueError):
        return None


def choose_microphone(name: str, listed: list[MicrophoneInfo]) -> MicrophoneInfo:
    """The microphone that a user names.

    Windows lists each of them once for every interface: those of the default's interface come
    first.

    Args:
        name: its number, a part of its name in any case, or "" for the default one.
        listed: those that are attached.

    Raises:
        SourceError: none is so called, or several are.
    """
    if not listed:
        raise SourceError(f"no microphone was found: {_advice()}")
    if not name:
        default = next((one for one in listed if one.is_default), None)
        if default is None:
            raise SourceError(f"no microphone is the default one: name one of {_names(listed)}")
        return default
    if name.isdigit():
        found = [one for one in listed if one.number == int(name)]
    else:
        found = [one for one in listed if name.casefold() in one.name.casefold()]
        system = next((one.system for one in listed if one.is_default), "")
        found = [one for one in found if one.system == system] or found
        found = [one for one in found if one.name.casefold() == name.casefold()] or found
    if not found:
        raise SourceError(f"no microphone is called {quoted(name)}: there is {_names(listed)}")
    if len(found) > 1:
        raise SourceError(
            f"{len(found)} microphones match {quoted(name)}: give one by number: {_names(found)}"
        )
    return found[0]


def _names(listed: list[MicrophoneInfo]) -> str:
    return ", ".join(f"{one.number} ({one.name})" for one in listed)


def _advice() -> str:
    if sys.platform == "darwin":
        return "plug one in, and allow it: System Settings, Privacy & Security, Microphone"
    if sys.platform == "win32":
        return "plug one in, and allow it: Settings, Privacy & security, Microphone"
    return (
        "plug one in; of PulseAudio and PipeWire PortAudio sees them with the package "
        "libasound2-plugins or pipewire-alsa, of bare ALSA in the group audio"
    )


class PortAudioOpener:
    """Opens one microphone, again after every loss; see device.OpenMicrophone."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        """Nothing is opened yet.

        Args:
            name: as `choose_microphone` takes it.
            clock: the program's clock.
        """
        self._name, self._clock = name, clock
        self._chosen: MicrophoneInfo | None = None

    def __call__(self) -> "PortAudioMicrophone":
        """Open it; after a loss, the one of the same name.

        Raises:
            SettingsError: a library is missing.
            SourceError: it does not open.
        """
        sounddevice = import_sounddevice()
        if self._chosen is not None:
            _list_anew(sounddevice)
        self._chosen = self._find(list_microphones(sounddevice))
        return PortAudioMicrophone(sounddevice, self._chosen, self._clock)

    def _find(self, listed: list[MicrophoneInfo]) -> MicrophoneInfo:
        before = self._chosen
        if before is None or not self._name:
            return choose_microphone(self._name, listed)
        for one in listed:
            if (one.name, one.system) == (before.name, before.system):
                return one
        raise SourceError(f"{before.name} is not attached")


def _list_anew(sounddevice: Any) -> None:
    """Let PortAudio look which devices there are: it does so only when it is initialised."""
    with silenced_native_stderr():
        sounddevice._terminate()  # noqa: SLF001  (there is no public way)
        sounddevice._initialize()  # noqa: SLF001


class PortAudioMicrophone:
    """An opened microphone; a device.MicrophoneDevice."""

    def __init__(self, sounddevice: Any, info: MicrophoneInfo, clock: Callable[[], float]) -> None:
        """Open it; it gives nothing before `start`.

        Raises:
            SourceError: it does not open.
        """
        self._clock = clock
        self._take: Callable[[CapturedSound], None] = lambda _: None
        self.title, self.rate = info.name, info.rate
        self.channels = min(info.channels, 2)
        try:
            with silenced_native_stderr():
                self._stream = sounddevice.InputStream(
                    device=info.number,
                    channels=self.channels,
                    samplerate=self.rate,
                    dtype="int16",
                    latency=LATENCY_S,
                    callback=self._on_block,
                )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SourceError(
                f"the microphone {info.name} does not open ({_reason(error)}): is another program "
                f"using it, or is it not allowed? 'livecam microphones' lists those there are"
            ) from error
        self._latency = InputLatency()

    @property
    def is_active(self) -> bool:
        """False where it will give no more."""
        return bool(self._stream.active)

    def start(self, take: Callable[[CapturedSound], None]) -> None:
        """Let `take` be called with every block, in a thread of PortAudio."""
        self._take = take
        with silenced_native_stderr():
            self._stream.start()

    def close(self) -> None:
        """Close it; may take long where its driver hangs."""
        with silenced_native_stderr():
            self._stream.abort()
            self._stream.close()

    def _on_block(self, samples: Any, count: int, times: Any, status: Any) -> None:
        now_s = self._clock()
        lasts_s = count / self.rate
        age_s = times.currentTime - times.inputBufferAdcTime
        began_s = now_s - lasts_s - self._latency.add(age_s - lasts_s, now_s)
        captured = SoundSamples(np.array(samples, np.int16))
        self._take(CapturedSound(captured, began_s, bool(status.input_overflow)))


class InputLatency:
    """How much later than its last sample a block is noticed, by what PortAudio says.

    It is the least of the last minute. ALSA's plugin of PulseAudio reports half a second at first,
    which there is not, and then now more and now less, while blocks come as evenly as they should:
    so it is their arrival that counts.
    """

    def __init__(self) -> None:
        self._least = DelayEstimator()
        self._began_s: float | None = None

    def add(self, latency_s: float, now_s: float) -> float:
        """The latency of a block that is noticed now, in seconds; 0 while it is not known.

        Args:
            latency_s: what PortAudio says; of use as a difference only: which clock it reads
                differs, and some are set.
            now_s: on the program's clock.
        """
        self._began_s = now_s if self._began_s is None else self._began_s
        if now_s - self._began_s >= SETTLED_S and latency_s < OLDEST_S:
            self._least.excess_s(now_s - max(0.0, latency_s), now_s, OLDEST_S)
        return self._least.smallest_s


def _reason(error: BaseException) -> str:
    """What PortAudio says, without its number and the name of the call."""
    text = str(error.args[0]) if error.args else type(error).__name__
    return text.removeprefix("Error opening InputStream: ").removeprefix("Error querying device ")
