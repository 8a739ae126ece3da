"""The microphone of a run: a thread opens it, keeps its sound, and opens it again after a loss."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from livecam.core.live_sound import SoundSamples
from livecam.errors import LivecamError, SourceError
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.microphone.aligner import SoundAligner
from livecam.sources.microphone.device import CapturedSound, MicrophoneDevice, OpenMicrophone
from livecam.sources.microphone.sound_history import SoundHistory

POLL_S = 0.05
OPENING_TIMEOUT_S = 6.0
CLOSING_TIMEOUT_S = 0.5

STALL_S = 1.0
"""After so long without a block a microphone is lost."""

FIRST_BLOCK_S = 5.0
"""So long may the first one take: wireless ones need seconds."""

RETRY_S = 2.0
"""From one try to the next."""

MOST_BLOCKS = 1000
"""So many may wait for this thread: seconds of sound. The oldest go."""

SILENT_S = 5.0
"""After so long with nothing but zeros at the beginning it is said: a switch, or no permission."""

SAY_LOSS_EVERY_S = 60.0
LEVEL_S = 0.2

USABLE_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
"""Those of AAC that are of use; sound of another rate is resampled to the first one."""


class Microphone:
    """A core.live_sound.LiveSound, inside a context manager.

    A driver may block for ever: it is used in the thread alone, for which nobody waits long.

    Attributes:
        title: name of the device that was opened first.
        rate: samples per second that are kept.
        channels: that are kept.
    """

    title = ""
    rate, channels = USABLE_RATES[0], 1

    def __init__(
        self,
        open_device: OpenMicrophone,
        *,
        keep_s: float = 30.0,
        notify: Callable[[str], None] = lambda _: None,
        system: ClockAndThreads = SYSTEM,
    ) -> None:
        """Open nothing yet.

        Args:
            open_device: opens the device.
            keep_s: for so long the sound is kept.
            notify: gets one line where it is lost, and found again.
            system: clock and threads.
        """
        self._open_device, self._keep_s, self._notify = open_device, keep_s, notify
        self._system = system
        self._wake, self._heard = system.make_event(), system.make_event()
        self._blocks: deque[CapturedSound] = deque(maxlen=MOST_BLOCKS)
        self._device: MicrophoneDevice | None = None
        self._aligner: SoundAligner | None = None
        self._history: SoundHistory | None = None
        self._failure: LivecamError | None = None
        self._is_stopped = self._is_over = self._was_heard = self._silence_was_said = False
        self._gives_blocks = False
        self._last_s = self._opened_s = self._retry_at_s = 0.0
        self._lost_since_s: float | None = None
        self._loss_said_s = float("-inf")

    def __enter__(self) -> Self:
        """Open it, and wait for its first sound.

        Raises:
            SettingsError: a library is missing.
            SourceError: it does not open, or gives nothing.
        """
        until_s = self._system.clock() + OPENING_TIMEOUT_S
        self._system.start_thread(self._run)
        while not self._gives_blocks and self._failure is None:
            if self._system.clock() > until_s:
                self._is_stopped = True
                what = f" {self.title} gives no sound" if self.title else " does not open"
                raise SourceError(f"the microphone{what}: its driver does not answer")
            self._heard.wait(POLL_S)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; a driver that hangs is waited for a moment only."""
        self._is_stopped = True
        self._wake.set()
        until_s = self._system.clock() + CLOSING_TIMEOUT_S
        while not self._is_over and self._system.clock() < until_s:
            self._heard.wait(POLL_S)

    @property
    def known_until_s(self) -> float:
        """Up to here nothing more will come; while it is lost, that is the present."""
        end = self._history.end if self._history is not None else None
        return end / self.rate if end is not None else float("-inf")

    @property
    def level(self) -> float:
        """Largest amplitude of the last moment, 0 to 1."""
        history = self._history
        if history is None or history.end is None:
            return 0.0
        newest = history.read(history.end - round(LEVEL_S * self.rate), history.end)
        return float(abs(newest.astype("int32")).max()) / 32768.0

    def read(self, begin: int, end: int) -> SoundSamples:
        """The samples from one index to another."""
        if self._history is None:
            raise RuntimeError("the microphone is not open")
        return self._history.read(begin, end)

    def wait_until_known(self, until_s: float, timeout_s: float) -> None:
        """Wait until `known_until_s` is so late; at most so long."""
        end_s = self._system.clock() + timeout_s
        while self.known_until_s < until_s and self._system.clock() < end_s:
            self._heard.wait(POLL_S)

    def _run(self) -> None:
        try:
            self._open_first()
            while not self._is_stopped and self._failure is None:
                try:
                    self._step()
                except Exception:  # a driver may raise anything: it is lost, and tried again
                    self._lose(self._system.clock())
                self._wake.wait(POLL_S)
        finally:
            self._close_device()
            self._is_over = True
            self._heard.set()

    def _open_first(self) -> None:
        try:
            self._open()
        except LivecamError as error:
            self._failure = error
        except Exception as error:  # a driver may raise anything
            reason = str(error).strip() or type(error).__name__
            self._failure = SourceError(f"the microphone does not open: {reason}")
        self._heard.set()

    def _step(self) -> None:
        """Take what has come, and look after the device."""
        now_s = self._system.clock()
        self._take_blocks()
        if self._lost_since_s is not None:
            self._extend_silence(now_s)
        if self._device is None:
            if now_s >= self._retry_at_s:
                self._try_again(now_s)
        elif now_s - self._last_s > self._patience_s or not self._device.is_active:
            self._lose(now_s)
        elif not self._was_heard and now_s - self._opened_s > SILENT_S:
            self._say_silent()
        self._heard.set()

    @property
    def _patience_s(self) -> float:
        return STALL_S if self._gives_blocks else FIRST_BLOCK_S

    def _open(self) -> None:
        device = self._open_device()
        if self._history is None:
            self.title = device.title
            self.rate = device.rate if device.rate in USABLE_RATES else USABLE_RATES[0]
            self.channels = device.channels
        self._aligner = SoundAligner(device.rate, device.channels, self.rate, self.channels)
        self._blocks.clear()
        self._device, self._gives_blocks = device, False
        self._last_s = self._opened_s = self._system.clock()
        device.start(self._take)
        if self._history is None:
            self._history = SoundHistory(self.rate, self.channels, self._keep_s)

    def _take(self, captured: CapturedSound) -> None:
        """Called by the device, in its own thread: nothing that may wait."""
        self._blocks.append(captured)
        self._wake.set()

    def _take_blocks(self) -> None:
        while self._blocks and self._aligner is not None and self._history is not None:
            captured = self._blocks.popleft()
            self._last_s, self._gives_blocks = self._system.clock(), True
            if self._lost_since_s is not None:
                away_s = self._last_s - self._lost_since_s
                self._notify(f"the microphone {self.title} is back after {away_s:.1f} s")
                self._lost_since_s = None
            if captured.is_after_loss:
                self._say_loss()
            self._was_heard = self._was_heard or bool(captured.samples.any())
            for index, samples in self._aligner.add(captured):
                self._history.write(index, samples)

    def _lose(self, now_s: float) -> None:
        if self._lost_since_s is None:
            self._lost_since_s = self._last_s
            self._notify(
                f"the microphone {self.title} gives no sound: silence is recorded until it is back"
            )
        self._close_device()
        self._retry_at_s = now_s + RETRY_S

    def _try_again(self, now_s: float) -> None:
        try:
            self._open()
        except Exception:  # whatever it is: it is lost already, and tried again
            self._close_device()
            self._retry_at_s = now_s + RETRY_S

    def _extend_silence(self, now_s: float) -> None:
        if self._history is not None:
            self._history.extend_silence(round(now_s * self.rate))

    def _close_device(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            with suppress(Exception):  # it may be gone
                device.close()

    def _say_silent(self) -> None:
        if not self._silence_was_said:
            self._silence_was_said = True
            self._notify(
                f"the microphone {self.title} gives silence: is it switched off, or not allowed?"
            )

    def _say_loss(self) -> None:
        now_s = self._system.clock()
        if now_s - self._loss_said_s > SAY_LOSS_EVERY_S:
            self._loss_said_s = now_s
            self._notify("some sound was lost: this computer is too busy; silence is recorded")
