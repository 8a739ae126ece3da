"""The colour bar: which colour stands for which activation, with ticks at round values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core import text, text_panel
from livecam.core.heat_overlay import colour_ramps
from livecam.core.text import WHITE, Line, Rect
from livecam.core.types import BgrImage
from livecam.core.view import View

LEAST_LEVEL = 0.06  # darker ticks could not be told from black
LEAST_GAIN = 1e-100  # below it all colours are one; steps between ticks stay finite numbers
LEAST_GAP = 0.155  # between ticks, as a share of the bar: their labels, and room
LARGEST_SHARE = 1 / 3  # of the field's width
DIGITS_EM = 0.6  # height of the labels' digits, in heights of ordinary letters
LABELS_APART_EM, LABELS_APART_PX = 0.4, 4  # at least so much between two labels


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the colour bar.

    Attributes:
        level: its place: brightness from 0 (dark, at the bottom) to 1.
        label: the activation that has this brightness.
    """

    level: float
    label: str


def view_ticks(view: View, reference: float) -> tuple[Tick, ...]:
    """The ticks for a view; where the reference changes with every frame, a round one is taken.

    The eye can follow that, and there are few such drawings. It is a whole number, or one of two
    digits for maps of another scale.
    """
    if view.auto:
        reference = float(f"{reference:.2g}") if view.gain_is_relative else round(reference)
    return ticks_of(reference, view.gain_at(reference), auto=view.auto)


@lru_cache(maxsize=64)
def ticks_of(reference: float, gain: float, *, auto: bool) -> tuple[Tick, ...]:
    """The ticks from bright to dark: the reference, and round activations below it.

    Brightness b belongs to the activation reference + ln(b) / gain.

    Args:
        reference: the activation at full brightness.
        gain: the factor in exp(gain * (A - reference)).
        auto: the reference is the frame's own maximum, so nothing lies above it.
    """
    gain = max(gain, LEAST_GAIN)
    above = "" if auto else "\N{GREATER-THAN OR EQUAL TO}"
    choices = [_multiples_below(reference, gain, step) for step in _round_steps(0.2 / gain)]
    # The steps that lead farthest down; a single tick would not show that the scale is bent.
    below = min(choices, key=lambda ticks: (len(ticks) < 2, ticks[-1].level if ticks else 1.0))
    return (Tick(1.0, f"{above}{_short(reference)}"), *below)


def colour_bar_place(field: Rect, view: View, reference: float, base: int) -> Rect | None:
    """Where it goes, at the bottom right of a field; None where it does not fit.

    Args:
        field: the part of the picture that it may lie in.
        view: colours, gain, and whether the reference is the frame's own maximum.
        reference: the activation at full brightness.
        base: height of ordinary letters in pixels.
    """
    high, wide = _stamp_of(view, reference, base).ink.shape[:2]
    margin = text_panel.margin_px(base)
    left, top = field.width - wide - margin, field.height - high - margin
    is_large = wide > field.width * LARGEST_SHARE or _bar_px(base) > field.height // 2
    if left < 0 or top < 0 or is_large:
        return None
    return Rect(field.left + left, field.top + top, wide, high)


def draw_colour_bar(
    picture: BgrImage, place: Rect, view: View, reference: float, base: int
) -> None:
    """Draw it at the place that `colour_bar_place` gives for the same arguments, in place."""
    _stamp_of(view, reference, base).put(picture, place.left, place.top)


def _stamp_of(view: View, reference: float, base: int) -> text.Stamp:
    ticks = fitting_ticks(view_ticks(view, reference), base)
    return _stamp(view.style, view.colormap, ticks, base)


def fitting_ticks(ticks: Sequence[Tick], base: int) -> tuple[Tick, ...]:
    """Those ticks whose labels have room between them on a bar for letters of this size."""
    apart = base * DIGITS_EM + max(LABELS_APART_PX, base * LABELS_APART_EM)
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or (kept[-1].level - tick.level) * (_bar_px(base) - 1) >= apart:
            kept.append(tick)
    return tuple(kept)


def _round_steps(least: float) -> Sequence[float]:
    """Steps like 1, 2, 5, 10, from about `least` on."""
    power = math.floor(math.log10(least))
    return [digit * 10.0**exponent for exponent in range(power, power + 4) for digit in (1, 2, 5)]


def _multiples_below(reference: float, gain: float, step: float) -> list[Tick]:
    """Ticks at multiples of the step below the top one, as long as they are bright and apart."""
    found: list[Tick] = []
    above = 1.0
    for count in range(math.floor(reference / step), -(10**9), -1):
        level = math.exp(gain * (count * step - reference))
        if level < LEAST_LEVEL or (found and above - level < LEAST_GAP):
            break
        if above - level >= LEAST_GAP:
            found.append(Tick(level, _plain(count * step)))
            above = level
    return found


def _short(reference: float) -> str:
    """A reference as figures show it, with one decimal at most; small ones with three digits."""
    return _plain(round(reference, 1)) if abs(reference) >= 10 else f"{reference:.3g}"


def _plain(value: float) -> str:
    """A number as short as can be: "30", "0.5"."""
    return f"{value + 0.0:.6g}"


def _bar_px(base: int) -> int:
    return round(base * 6.5)


@lru_cache(maxsize=64)
def _stamp(style: str, colormap: str, ticks: tuple[Tick, ...], base: int) -> text.Stamp:
    """The panel with the bar; while the reference stands still it is always the same."""
    lines = [Line(tick.label, WHITE, 0.85) for tick in ticks]
    label_px = max(text.width_px(line, base) for line in lines)
    long, wide, pad = _bar_px(base), round(base * 0.8), round(base * 0.5)

    def draw(panel: BgrImage) -> None:
        height, width = panel.shape[:2]
        text_panel.darken(panel, Rect(0, 0, width, height))
        ramps = np.moveaxis(_ramps(style, colormap)[::-1], 2, 0)
        for ramp, columns in zip(
            ramps, np.array_split(range(pad, pad + wide), len(ramps)), strict=True
        ):
            size = (len(columns), long)
            bar = cv2.resize(ramp.reshape(256, 1, 3), size, interpolation=cv2.INTER_LINEAR)
            panel[pad : pad + long, columns] = bar
        for tick, line in zip(ticks, lines, strict=True):
            row, edge = pad + round((1.0 - tick.level) * (long - 1)), pad + wide
            cv2.line(panel, (edge - pad // 2, row), (edge + 2, row), WHITE, 1)
            text.draw_line(panel, line, edge + pad, row + round(base * 0.3), base)

    return text.stamp_of(draw, wide + label_px + 3 * pad, long + 2 * pad)


def _ramps(style: str, colormap: str) -> npt.NDArray[np.uint8]:
    return colour_ramps(View(0, (), style=style, colormap=colormap))


@cache
def colour_stops(style: str, colormap: str, count: int = 33) -> tuple[str, ...]:
    """The colours from dark to bright at equal distances, as in CSS: "#000004", ..."""
    rows = np.linspace(0, 255, count).round().astype(int)
    return tuple(
        f"#{r:02x}{g:02x}{b:02x}" for b, g, r in _ramps(style, colormap)[rows, :, 0].tolist()
    )
