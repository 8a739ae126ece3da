"""Seeking and speed in a clip or a folder: jumps, single frames, and the place as it is shown."""

import math
from dataclasses import dataclass

SEEK_S = 5.0
"""How far one step goes in a clip; in a folder it goes to the next file."""

SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Jump:
    """From the frame that is shown to another place of the source.

    Attributes:
        steps: so many steps of SEEK_S in a clip, of one file in a folder; negative is back.
        frames_back: so many frames back.
        to_start: to the first frame; the others do not count then.
    """

    steps: int = 0
    frames_back: int = 0
    to_start: bool = False


TO_START = Jump(to_start=True)


def changed_speed(speed: float, by: int) -> float:
    """The speed so many entries of SPEEDS away; the nearest one where `speed` is none of them."""
    nearest = min(range(len(SPEEDS)), key=lambda place: abs(math.log(SPEEDS[place] / speed)))
    return SPEEDS[min(len(SPEEDS) - 1, max(0, nearest + by))]


def clock_text_to_hundredths(time_s: float) -> str:
    """A time of a clip, like 0:07.25 or 1:02:03.00: hundredths tell frames apart."""
    hundredths = round(max(0.0, time_s) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 100:02d}.{rest % 100:02d}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


def clip_place(time_s: float, duration_s: float | None) -> str:
    """Where a clip stands, like "0:07.25 / 0:30.00"."""
    end = "" if duration_s is None else f" / {clock_text_to_hundredths(max(duration_s, time_s))}"
    return clock_text_to_hundredths(time_s) + end


def file_place(name: str, number: int, count: int) -> str:
    """Where a folder stands, like "3 / 12  owl.jpg"; the name alone where there is one file."""
    return name if count == 1 else f"{number} / {count}  {name}"
