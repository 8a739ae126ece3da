"""What was seen last as a picture: the look with the map of its most probable class."""

from livecam.core.box_outline import outline_box, outlined_box
from livecam.core.heat_overlay import paint_heat
from livecam.core.network_size import Look
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.core.watching.watch_state import LookState


def draw_look(look: LookState, view: View) -> BgrImage:
    """The picture of a look with its heat and the square that the network saw, without text.

    Args:
        look: what was seen; of its classes the most probable one is drawn.
        view: how heat is drawn.

    Returns:
        uint8 BGR of the size of the look's picture.
    """
    figures = max(look.classes.values(), key=lambda of: of.probability, default=None)
    if figures is None:
        return look.frame
    height, width = look.frame.shape[:2]
    box = Look(figures.area).box_in(width, height)
    picture = paint_heat(look.frame, figures.placed_in(box), figures.grid, view)
    outlined = outlined_box(box, width, height, mirror=view.mirror)
    if outlined is not None:
        outline_box(picture, outlined)
    return picture
