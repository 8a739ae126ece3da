"""How long the recording has run: pauses and losses leave no time in it where they are cut."""

from dataclasses import dataclass


@dataclass(slots=True)
class RecordingClock:
    """The recording's own time, as it is shown and as the recorder keeps it.

    Attributes:
        pauses: how many times the source was paused so far.
        gaps: how many times the source was lost and found again without a status card recorded.
        after_pause: whether no frame has come since the last pause.
        since_s: the source's time at which the recording began, moved on by what was cut; None
            while nothing is recorded.
    """

    pauses: int = 0
    gaps: int = 0
    after_pause: bool = False
    since_s: float | None = None

    def begin(self, time_s: float, *, recording: bool) -> None:
        """A frame, or a status card, is recorded at this time of the source."""
        if recording and self.since_s is None:
            self.since_s = time_s

    def cut(self, from_s: float | None, until_s: float) -> None:
        """Leave out the source's time from the last frame (`from_s`, None without one) on."""
        if self.since_s is not None and from_s is not None:
            self.since_s += until_s - from_s

    def end_pause(self) -> None:
        """The user goes on."""
        self.pauses += 1
        self.after_pause = True

    def seconds(self, time_s: float, *, recording: bool) -> float | None:
        """Seconds since the first recorded frame; None before it and without a recording."""
        if not recording:
            self.since_s = None
        return None if self.since_s is None else time_s - self.since_s
