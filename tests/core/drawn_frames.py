"""An annotated frame of a plain picture for the tests of what is drawn, and drawings to compare."""

from dataclasses import replace

import numpy as np
from support import FakeModel, picture

from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.annotated_picture import annotations_of
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.class_map import ClassMap
from livecam.core.crop import centred_square, network_view
from livecam.core.map_placement import MapPlacement
from livecam.core.object_boxes import Ground
from livecam.core.screen_layer import _FrameLayer, draw_frame_layer
from livecam.core.text import Rect
from livecam.core.types import Frame, NetworkOutput
from livecam.core.view import View

VIEW = View(class_index=1, class_cycle=(1,))
EVERY_SCREEN_TEXT = {
    "recording_s": 3723.0,
    "message": "saved a file with a long name.png",
    "engine": "Fake",
}


def annotated(width=640, height=480, value=90, view=VIEW, **status) -> AnnotatedFrame:
    """A frame as the loop makes it, painted with nothing."""
    bgr, model = picture(width, height, value), FakeModel()
    box = centred_square(width, height)
    activation = model.measure(network_view(bgr, box), 1)
    placement = MapPlacement.of(box, activation.grid)
    output = NetworkOutput(activation.grid[..., np.newaxis], activation.logits)
    class_map = ClassMap(1, activation, placement, output)
    stats = stats_of(class_map, model.labels, model.class_choices, FrameTiming(29.97, 1.0))
    return AnnotatedFrame(
        Frame(bgr, 0, 0.0), box, activation, stats, view, bgr, RunStatus(**status)
    )


def recorded(*size, view=VIEW, **more) -> np.ndarray:
    """What a recording holds of it."""
    frame = annotated(*size, view=view, **more)
    drawn = frame.painted.copy()
    annotations_of(frame).put(drawn)
    return drawn


def on_screen(*size, view=VIEW, canvas=None, **more) -> np.ndarray:
    """What a window of the picture's size shows, or one of the size of `canvas` (width, height)."""
    frame = annotated(*size, view=view, **more)
    if canvas is None:
        drawn = frame.painted.copy()
    else:
        drawn = picture(*canvas)
    draw_frame_layer(drawn, Rect(0, 0, drawn.shape[1], drawn.shape[0]), frame)
    return drawn


def layer_of(frame, base, width=640, height=480) -> _FrameLayer:
    """The pieces of a window that shows nothing but the frame, none of them drawn yet."""
    canvas = picture(width, height)
    return _FrameLayer(canvas, frame, Ground.whole(canvas), base)


def difference(one, other) -> np.ndarray:
    """Rows and columns of the pixels that are not the same."""
    return np.argwhere((one != other).any(axis=2))


def with_view(**changes) -> View:
    """The usual view, changed."""
    return replace(VIEW, **changes)
