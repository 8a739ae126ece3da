"""One map drawn onto one picture, for the library: heat, outline, figures and colour bar."""

from collections.abc import Sequence

from livecam.core import text, text_panel
from livecam.core.annotated_picture import SMALL_SIDE_PX
from livecam.core.box_outline import outline_box, outlined_box
from livecam.core.class_activation import reference_of
from livecam.core.class_figures import ClassFigures
from livecam.core.colour_bar import colour_bar_place, draw_colour_bar
from livecam.core.figures_panel import class_lines, map_kind_lines
from livecam.core.heat_overlay import paint_heat
from livecam.core.map_offset import NO_OFFSET
from livecam.core.map_placement import MapPlacement
from livecam.core.panel_positions import COLOUR_BAR_ROOM, FIGURES_ROOM, panel_field
from livecam.core.text import BOLD, YELLOW, Line, Rect
from livecam.core.types import BgrImage, CropBox, FloatGrid
from livecam.core.view import View


def draw_map(
    bgr: BgrImage,
    grid: FloatGrid,
    view: View,
    lines: Sequence[Line],
    offset_px: tuple[float, float] = NO_OFFSET,
    *,
    second: ClassFigures | None = None,
) -> BgrImage:
    """A copy of the picture with the map on what the network saw of it.

    Args:
        bgr: uint8 [height, width, 3]; not changed.
        grid: float32 [rows, columns] activations of the area of the view.
        view: how it is drawn.
        lines: the figures; none for neither panel nor colour bar.
        offset_px: where the map lies, against an even grid of cells.
        second: the other class of a pair, in green; None for none.

    Returns:
        uint8 [height, width, 3].
    """
    height, width = bgr.shape[:2]
    box = view.look.box_in(width, height)
    picture = paint_heat(bgr, MapPlacement.of(box, grid, offset_px), grid, view, second=second)
    has_room = min(height, width) >= text_panel.SMALLEST_SIDE_PX
    outlined = outlined_box(box, width, height, mirror=view.mirror)
    panels = _draw_panels(picture, outlined, grid, view, lines) if lines and has_room else []
    if outlined is not None:
        outline_box(picture, outlined, below=panels)
    return picture


def _draw_panels(
    picture: BgrImage, outlined: CropBox | None, grid: FloatGrid, view: View, lines: Sequence[Line]
) -> list[Rect]:
    """The figures and the colour bar; gives their rectangles."""
    height, width = picture.shape[:2]
    base = text.base_size_px(width, height)
    if min(height, width) < SMALL_SIDE_PX:
        only = text.fitted(lines[0], width - 4, base)
        return [text_panel.draw_panel(picture, [only], 2, 2, base)]
    margin = text_panel.margin_px(base)
    field = panel_field((width, height), outlined, base, FIGURES_ROOM)
    fitting = [text.fitted(line, field.width - 2 * margin, base) for line in lines]
    panel = text_panel.draw_panel(picture, fitting, field.left + margin, field.top + margin, base)
    reference = reference_of(grid, act_max=view.act_max, auto=view.auto)
    bar_field = panel_field((width, height), outlined, base, COLOUR_BAR_ROOM)
    bar = colour_bar_place(bar_field, view, reference, base)
    if bar is None:
        return [panel]
    draw_colour_bar(picture, bar, view, reference, base)
    return [panel, bar]


def map_lines(
    grid: FloatGrid, figures: ClassFigures | None, second: ClassFigures | None = None
) -> list[Line]:
    """The figures' panel: class and probability, where they are known, maximum and mean.

    Args:
        grid: of the map.
        figures: of its class; None where that is not known.
        second: of the other class of a pair.
    """
    if figures is None:
        return [Line(f"max {grid.max():.1f}   mean {grid.mean():.1f}", YELLOW, 1.0, BOLD)]
    return class_lines(figures, second) + map_kind_lines(figures)
