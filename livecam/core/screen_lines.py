"""Lines that only a screen has: the recording, the age of a live picture, what limits the rate."""

import math

from livecam.core import text
from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.class_entry import ClassEntry
from livecam.core.formatting import clock_text
from livecam.core.text import BOLD, GREY, RED, REGULAR, WHITE, YELLOW, Line

FEW_MINUTES = 10.0  # of room on the disk: from here on it is said

METER_STEPS, METER_STEP_DB = 10, 5.0
QUIETEST_DB = -METER_STEPS * METER_STEP_DB


def recording_lines(recording_s: float | None, recorder: RecorderState) -> list[Line]:
    """Recording time, and what the user should know about the recording."""
    if recording_s is None:
        return []
    if recorder.is_broken:
        return [Line("NOT RECORDING", YELLOW, 1.0, BOLD)]
    lines = [Line(f"REC {clock_text(recording_s)}", RED, 1.0, BOLD)]
    if recorder.sound_level is not None:
        lines.append(Line(sound_meter(recorder.sound_level)))
    if recorder.dropped:
        lines.append(Line(f"{recorder.dropped} dropped", YELLOW))
    minutes = recorder.minutes_left
    if minutes is not None and minutes < FEW_MINUTES:
        lines.append(Line(f"{minutes:.0f} min of disk left" if minutes >= 1 else "disk full soon"))
    return lines


def sound_meter(level: float) -> str:
    """How loud the recorded sound is, in steps of five decibels; for window and page.

    Args:
        level: largest amplitude of the last moment, 0 to 1.
    """
    decibels = 20.0 * math.log10(max(level, 1e-6))
    steps = min(max(math.ceil((decibels - QUIETEST_DB) / METER_STEP_DB), 0), METER_STEPS)
    return f"mic {'|' * steps:.<{METER_STEPS}}"


def live_lines(annotated: AnnotatedFrame) -> list[Line]:
    """How old a live picture is when it is seen, and how many were left out."""
    age_ms, dropped = annotated.stats.age_ms, annotated.frame.drops.total
    return [] if age_ms is None else [Line(f"{age_ms:.0f} ms old   {dropped} dropped", GREY)]


def limit_lines(limit: str, room_em: float) -> list[Line]:
    """What limits the rate, and below it what to do."""
    what, colon, way_out = limit.partition(": ")
    parts = [what + colon.strip(), way_out]
    rows = [row for part in parts for row in text.wrapped(part, room_em / 0.9)]
    return [Line(row, YELLOW, 0.9) for row in rows]


def entry_lines(entry: ClassEntry) -> list[Line]:
    """What was typed, and what Enter would choose; the newest letter is followed by a mark."""
    lines = [Line(f"class: {entry.text}_", YELLOW, 1.0, BOLD)]
    lines += [Line(name, WHITE, 0.9, REGULAR if n else BOLD) for n, name in enumerate(entry.found)]
    if not entry.text.strip():
        hint = "a name, or a kind: bird"
    elif entry.found:
        hint = "Enter: the first   Esc: back"
    else:
        hint = "none found   Esc: back"
    return [*lines, Line(hint, GREY, 0.9)]
