"""The figures of one class in one picture: the map and what is read off it."""

from dataclasses import dataclass

from livecam.core.class_map import ClassMap, mean_of, peak_of
from livecam.core.map_centre import centre_of_map
from livecam.core.map_choices import Area
from livecam.core.map_offset import NO_OFFSET
from livecam.core.map_placement import MapPlacement
from livecam.core.short_repr import ShortRepr
from livecam.core.types import CropBox, FloatGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClassFigures(ShortRepr):
    """What one picture says about one class.

    Attributes:
        class_index: index among the model's own classes.
        class_name: its name.
        grid: float32 [rows, columns], contribution of each place to the logit, the top row first.
        maximum: largest value of the grid (`max` in the output).
        mean: mean of the grid.
        peak: row and column of the maximum, (0, 0) at the top left.
        logit: the class's logit: the mean over the window + bias.
        probability: the class's softmax over all classes of the model, 0 to 1.
        window: first row and column of the 7 x 7 cells that `logit` and `probability` are of: those
            with the largest mean; (0, 0) of a grid of 7 x 7, which is one window.
        area: what the network saw of the picture: "square" or "frame".
        centre: x and y, in pixels of the picture, of the centre of the part of the map above half
            its maximum (core/map_centre.py); None where the maximum is not above 0.
        extent: width and height of that part in pixels: of the evenly filled rectangle that is
            spread as widely; None without a centre.
        offset_px: where the map is drawn: so far right and down of an even grid of cells, x and y
            in pixels of the network's input.
        is_approximate: whether the map is that of the gradient; see Activation.
    """

    class_index: int
    class_name: str
    grid: FloatGrid
    maximum: float
    mean: float
    peak: tuple[int, int]
    logit: float
    probability: float
    window: tuple[int, int] = (0, 0)
    area: Area = "square"
    centre: tuple[float, float] | None = None
    extent: tuple[float, float] | None = None
    offset_px: tuple[float, float] = NO_OFFSET
    is_approximate: bool = False

    def placed_in(self, box: CropBox) -> MapPlacement:
        """Where the cells of its map lie, where the network saw this part of the picture."""
        return MapPlacement.of(box, self.grid, self.offset_px)


def class_figures_of(class_map: ClassMap, class_name: str, area: Area = "square") -> ClassFigures:
    """The figures of one class.

    Args:
        class_map: its map.
        class_name: its name.
        area: what the network saw of the picture.
    """
    grid, activation, class_index = class_map.grid, class_map.activation, class_map.class_index
    logits, located = activation.logits, centre_of_map(grid, class_map.placement)
    return ClassFigures(
        class_index=class_index,
        class_name=class_name,
        grid=grid,
        maximum=float(grid.max()),
        mean=mean_of(grid),
        peak=peak_of(grid),
        logit=float(logits[class_index]),
        probability=float(class_map.probabilities[class_index]),
        window=activation.window,
        area=area,
        centre=None if located is None else located.centre,
        extent=None if located is None else located.extent,
        offset_px=class_map.placement.offset_px,
        is_approximate=activation.is_approximate,
    )
