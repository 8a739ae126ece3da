"""The table of keys on the screen: as large as fits, in a small window with short words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from livecam.core import text
from livecam.core.key_bindings import Binding
from livecam.core.text import BOLD, WHITE, YELLOW, Line, Rect
from livecam.core.types import BgrImage

GROUND = (24, 24, 24)
SMALLEST_LETTERS_PX = 6
EASY_LETTERS_PX = 11  # from here on, the full words are taken
NAMES_ROW_EM = 1.2
"""Height of a row of the short table, in heights of letters."""

LONGEST_WORDS_EM, LONGEST_NAME_EM = 23.0, 8.0
"""Longer ones, of classes that are taught, lose their middle: they would make all letters small."""

_GAP_EM = 1.0


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of keys and words, in one or two columns.

    Attributes:
        rows: (keys, words).
        columns: how many stand beside each other.
        row_em: height of a row, in heights of letters.
    """

    rows: Sequence[tuple[str, str]]
    columns: int
    row_em: float

    @property
    def rows_high(self) -> int:
        return math.ceil(len(self.rows) / self.columns)

    @property
    def keys_em(self) -> float:
        return _widest_em([Line(keys, weight=BOLD) for keys, _ in self.rows]) + 0.7

    @property
    def column_em(self) -> float:
        """Width of one column, with the gap behind it."""
        return self.keys_em + _widest_em([Line(words) for _, words in self.rows]) + _GAP_EM

    @property
    def width_em(self) -> float:
        return self.columns * self.column_em + _GAP_EM

    @property
    def height_em(self) -> float:
        return self.row_em * self.rows_high + _GAP_EM

    def letters_px(self, width: int, height: int) -> int:
        """How large the letters can be on a canvas of this size."""
        return math.floor(min(height / (self.height_em + 0.4), width / self.width_em))


def draw_help(canvas: BgrImage, bindings: Sequence[Binding]) -> Rect | None:
    """Draw the table of keys into the middle, in place; gives its rectangle, None if too large."""
    height, width = canvas.shape[:2]
    long = [(one.key_names, _within(one.words, LONGEST_WORDS_EM)) for one in bindings]
    short = [(one.key_names, _within(one.name, LONGEST_NAME_EM)) for one in bindings]
    words, names = _Table(long, 1, text.LINE_EM), _Table(short, 2, NAMES_ROW_EM)
    table = words
    if words.letters_px(width, height) < min(EASY_LETTERS_PX, names.letters_px(width, height)):
        table = names
    base = min(text.base_size_px(width, height), table.letters_px(width, height))
    if base < SMALLEST_LETTERS_PX:
        return None
    wide, high = round(base * table.width_em), round(base * table.height_em)
    ground = Rect((width - wide) // 2, (height - high) // 2, wide, high)
    ground.part_of(canvas)[..., :3] = GROUND
    _draw_rows(canvas, table, ground, base)
    return ground


def _draw_rows(canvas: BgrImage, table: _Table, ground: Rect, base: int) -> None:
    for number, (keys, words) in enumerate(table.rows):
        column, row = divmod(number, table.rows_high)
        left = ground.left + round(base * (_GAP_EM + column * table.column_em))
        middle_em = 0.5 * _GAP_EM + table.row_em * (row + 0.5)
        baseline = ground.top + round(base * (middle_em + 0.3))
        text.draw_line(canvas, Line(keys, YELLOW, 1.0, BOLD), left, baseline, base)
        begin = left + round(base * table.keys_em)
        text.draw_line(canvas, Line(words, WHITE), begin, baseline, base)


def _within(words: str, room_em: float) -> str:
    return text.shortened(words, round(100 * room_em), 100)


def _widest_em(lines: Sequence[Line]) -> float:
    return max(text.width_px(line, 100) for line in lines) / 100
