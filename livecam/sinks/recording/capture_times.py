"""When the pictures of a recording were taken: the sound of that moment belongs beside them."""

from collections import deque
from dataclasses import dataclass
from statistics import median

TOLERANCE_S = 0.02
"""A camera's delay may change by so much without the sound being moved: that would be heard."""

FEW_FRAMES, MANY_FRAMES = 15, 31
"""Of so many frames the delay is still uncertain; of the last so many it is known."""

MOST_PARTS = 1000
"""So many are remembered; of what is older there is no sound. A pause makes two."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a recording in which sound and picture have the same distance.

    Attributes:
        begin_s: its time in the recording; it ends where the next one begins.
        shift_s: from there to the program's clock; None where there is to be no sound.
    """

    begin_s: float
    shift_s: float | None


class CaptureTimes:
    """Maps times of a recording to the program's clock, by its frames. Pure: no clock, no file.

    A frame's own time says when it arrived; how much earlier it was taken differs a little from
    frame to frame. The sound is placed by the median.
    """

    def __init__(self) -> None:
        self._parts: deque[Part] = deque(maxlen=MOST_PARTS)
        self._delays_s: deque[float] = deque(maxlen=MANY_FRAMES)
        self._delay_s: float | None = None
        self._frames = 0

    def add_frame(
        self, at_s: float, time_s: float, captured_s: float | None, *, is_after_cut: bool
    ) -> None:
        """The next frame.

        Args:
            at_s: its time in the recording.
            time_s: its own time.
            captured_s: when it was taken, on the program's clock; None where that is not known.
            is_after_cut: whether time of the source before it was left out of the recording.
        """
        is_moved = self._update_delay(time_s, captured_s)
        if self._delay_s is None:
            return
        shift_s = self._delay_s + time_s - at_s
        is_first = not self._parts
        if is_moved and self._frames < FEW_FRAMES and not is_first and not is_after_cut:
            self._parts[-1] = Part(self._parts[-1].begin_s, shift_s)
        elif is_moved or is_after_cut or is_first or self._parts[-1].shift_s is None:
            self._parts.append(Part(at_s, shift_s))

    def add_silence(self, begin_s: float) -> None:
        """From this time of the recording to the next frame there is to be no sound."""
        if self._parts:
            self._parts.append(Part(max(begin_s, self._parts[-1].begin_s), None))

    def parts(self, begin_s: float, end_s: float) -> list[tuple[float, float, float | None]]:
        """Begin, end and shift of the parts of a span of the recording; without a gap."""
        found, end = [], end_s
        for part in reversed(self._parts):
            begin = max(part.begin_s, begin_s)
            if begin < end:
                found.append((begin, end, part.shift_s))
                end = begin
            if part.begin_s <= begin_s:
                break
        if begin_s < end:
            found.append((begin_s, end, None))
        return found[::-1]

    def program_s(self, at_s: float) -> float | None:
        """A time of the recording on the program's clock; None where it has none."""
        part = next((part for part in reversed(self._parts) if part.begin_s <= at_s), None)
        return at_s + part.shift_s if part is not None and part.shift_s is not None else None

    def recorded_s(self, program_s: float) -> float:
        """How far the recording goes up to this time of the program's clock."""
        end_s = float("inf")
        for part in reversed(self._parts):
            if part.shift_s is not None and program_s - part.shift_s >= part.begin_s:
                return min(program_s - part.shift_s, end_s)
            end_s = part.begin_s
        return end_s if self._parts else float("-inf")

    def _update_delay(self, time_s: float, captured_s: float | None) -> bool:
        """Whether the sound is to be moved."""
        if captured_s is None:
            return False
        self._frames += 1
        self._delays_s.append(captured_s - time_s)
        delay_s = median(self._delays_s)
        if self._delay_s is not None and abs(delay_s - self._delay_s) <= TOLERANCE_S:
            return False
        self._delay_s = delay_s
        return True
