"""Maps and figures of classes of one frame: the network has run once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.core.class_map import ClassMap
from livecam.core.map_choices import Area, Place
from livecam.core.map_offset import offset_in
from livecam.core.map_placement import MapPlacement
from livecam.core.protocols import ActivationModel
from livecam.core.types import CropBox, NetworkOutput

if TYPE_CHECKING:
    from livecam.core.figures_by_class import FiguresByClass


@dataclass(frozen=True, slots=True)
class SeenArea:
    """What the network saw of a frame, and where maps are drawn.

    Attributes:
        box: in pixels of the frame.
        area: "square" or "frame".
        place: "measured", "exact" or "page".
    """

    box: CropBox
    area: Area = "square"
    place: Place = "measured"


def class_map_of(
    model: ActivationModel, network_output: NetworkOutput, class_index: int, seen: SeenArea
) -> ClassMap:
    """The map of one class.

    Args:
        model: the network that gave it.
        network_output: of one frame.
        class_index: which class.
        seen: what the network saw of the frame, and where maps are drawn.
    """
    activation = model.activation(network_output, class_index)
    offset_px = offset_in(seen.place, activation.offset_px)
    placement = MapPlacement.of(seen.box, activation.grid, offset_px)
    return ClassMap(class_index, activation, placement, network_output)


def figures_of_classes(
    model: ActivationModel,
    network_output: NetworkOutput,
    classes: Sequence[int],
    seen: SeenArea,
    *,
    followed: str = "",
) -> "FiguresByClass":
    """Map and figures of each of these classes, in this order.

    Args:
        model: the network that gave it.
        network_output: of one frame.
        classes: indices of the classes.
        seen: what the network saw of the frame, and where maps are drawn.
        followed: what stands for the first of them ("auto"); "" for nothing.
    """
    from livecam.core.class_figures import class_figures_of
    from livecam.core.figures_by_class import FiguresByClass

    maps = (class_map_of(model, network_output, index, seen) for index in classes)
    figures = (class_figures_of(one, model.labels[one.class_index], seen.area) for one in maps)
    return FiguresByClass(figures, model.labels, followed=followed)
