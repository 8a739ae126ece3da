"""How long the recording has run: pauses and losses leave no time in it where they are cut."""

from dataclasses import dataclass


@dataclass(slots=True)
class RecordingClock:
    """The recording's own time, as it is shown and as the recorder keeps it.

    Attributes:
        pauses_are_cut: whether a pause leaves no time in a recording.
        pauses: how many times the source was paused so far.
        gaps: how many times the source was lost and found again without a status card recorded.
        after_pause: whether no frame has come since the last pause.
        since_s: the source's time at which the recording began, moved on by what was cut; None
            while nothing is recorded.
        shown_s: when the last frame was shown, on the program's clock, moved on by the pauses since
            then that are cut; None before the first.
        paused_s: when the pause began that goes on, on the same clock; None without one.
    """

    pauses_are_cut: bool = True
    pauses: int = 0
    gaps: int = 0
    after_pause: bool = False
    since_s: float | None = None
    shown_s: float | None = None
    paused_s: float | None = None

    def add(
        self, time_s: float, last_time_s: float | None, *, recording: bool, after_gap: bool = False
    ) -> None:
        """A frame, or a status card, comes, and is recorded where `recording` says so.

        Args:
            time_s: its time of the source.
            last_time_s: that of the last frame; None without one.
            recording: whether it is recorded.
            after_gap: whether the time since the last frame is cut, whatever the pauses are.
        """
        is_cut = after_gap or (self.after_pause and self.pauses_are_cut)
        if is_cut and self.since_s is not None and last_time_s is not None:
            self.since_s += time_s - last_time_s
        self.after_pause = False
        if recording and self.since_s is None:
            self.since_s = time_s

    def begin_pause(self, now_s: float) -> None:
        """The user holds the picture."""
        self.paused_s = now_s

    def end_pause(self, now_s: float) -> None:
        """The user goes on, or leaves."""
        if self.shown_s is not None:
            self.shown_s = now_s - self.lasted_s(now_s)
        self.pauses += 1
        self.after_pause, self.paused_s = True, None

    def lasted_s(self, now_s: float) -> float:
        """Seconds that the last frame has lasted, without the pauses that are cut; 0 before it."""
        if self.shown_s is None:
            return 0.0
        held_s = self.paused_s if self.pauses_are_cut else None
        return (now_s if held_s is None else held_s) - self.shown_s

    def seconds(self, time_s: float, *, recording: bool) -> float | None:
        """Seconds since the first recorded frame; None before it and without a recording."""
        if not recording:
            self.since_s = None
        return None if self.since_s is None else time_s - self.since_s
