"""The pictures of all cameras as tiles of one picture: what a window of `livecam watch` shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from livecam.core import text, text_panel
from livecam.core.text import BOLD, RED, Line, Rect
from livecam.core.types import BgrImage

TILE_PX = (640, 360)
"""Width and height of a tile."""

MOST_TILES_PX = 1920
"""All tiles together are no wider than this."""

_GAP_PX = 4
_FIT = cv2.INTER_AREA


@dataclass(frozen=True, slots=True, eq=False)
class CameraTile:
    """One tile.

    Attributes:
        picture: uint8 BGR; None where there is none yet.
        lines: written below it: the camera's name, what is seen.
        is_event: whether an event goes on.
    """

    picture: BgrImage | None
    lines: tuple[str, ...]
    is_event: bool = False


def tile_grid(count: int) -> tuple[int, int]:
    """Rows and columns of so many tiles; at least one each."""
    columns = max(1, math.ceil(math.sqrt(count)))
    return max(1, math.ceil(count / columns)), columns


def draw_tiles(tiles: Sequence[CameraTile]) -> BgrImage:
    """All of them, in rows from the top left on; one alone in its own size.

    Returns:
        uint8 BGR.
    """
    rows, columns = tile_grid(len(tiles))
    if len(tiles) == 1 and tiles[0].picture is not None:
        drawn = BgrImage(tiles[0].picture.copy())
        _write(drawn, tiles[0])
        return drawn
    shrink = min(1.0, MOST_TILES_PX / (columns * TILE_PX[0]))
    width, height = (round(side * shrink) for side in TILE_PX)
    drawn = BgrImage(np.zeros((rows * height, columns * width, 3), np.uint8))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        place = Rect(column * width, row * height, width - _GAP_PX, height - _GAP_PX)
        area = place.part_of(drawn)
        _put(area, tile.picture)
        _write(area, tile)
    return drawn


def tile_at(x: float, y: float, count: int) -> int | None:
    """The number of the tile at a place; None where there is none.

    Args:
        x: of the picture of all tiles, from 0 at its left to 1.
        y: the same from its top.
        count: how many tiles there are.
    """
    rows, columns = tile_grid(count)
    if not (0 <= x < 1 and 0 <= y < 1):
        return None
    number = int(y * rows) * columns + int(x * columns)
    return number if number < count else None


def _put(area: BgrImage, picture: BgrImage | None) -> None:
    """The picture as large as fits, in the middle."""
    if picture is None:
        return
    (high, wide), (height, width) = area.shape[:2], picture.shape[:2]
    scale = min(wide / width, high / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    method = _FIT if scale < 1 else cv2.INTER_LINEAR
    area[top : top + size[1], left : left + size[0]] = cv2.resize(
        picture, size, interpolation=method
    )


def _write(area: BgrImage, tile: CameraTile) -> None:
    """The words at the lower left; a red frame while an event goes on."""
    height, width = area.shape[:2]
    base = text.base_size_px(width, height)
    if tile.is_event:
        cv2.rectangle(area, (0, 0), (width - 1, height - 1), RED, max(2, base // 6))
    if not tile.lines or min(width, height) < text_panel.SMALLEST_SIDE_PX:
        return
    margin = text_panel.margin_px(base)
    lines = [
        Line(words, weight=BOLD) if n == 0 else Line(words) for n, words in enumerate(tile.lines)
    ]
    lines = [text.fitted(line, width - 4 * margin, base) for line in lines]
    _, panel_height = text_panel.panel_size_px(lines, base)
    text_panel.draw_panel(area, lines, margin, height - margin - panel_height, base)
