"""Where the loop draws the map, and what it says about its place."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from support import FakeModel, textured

from livecam.core.heat_overlay import paint_heat
from livecam.core.map_centre import centre_of_map
from livecam.core.map_placement import MapPlacement
from livecam.core.types import Activation, Frame, NetworkOutput
from livecam.core.view import View
from livecam.pipeline.annotate import annotate

VIEW = View(class_index=1, class_cycle=(1,), figures=False, record_figures=False)


@dataclass
class WithOffset(FakeModel):
    """Its maps lie 8 pixels further right and 16 further down."""

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        given = super().activation(network_output, class_index)
        is_mean = network_output.is_turned_mean
        return replace(given, offset_px=(0.0, 0.0) if is_mean else (8.0, 16.0))


def annotated(place: str, **view):
    model = WithOffset()
    frame = Frame(textured(300, 200), 0, 0.0)
    (found,) = annotate([frame], model, replace(VIEW, place=place, **view))
    return found, model


@pytest.mark.parametrize(("place", "offset"), [("measured", (8.0, 16.0)), ("page", (0.0, 0.0))])
def test_heat_and_centre_are_where_the_place_says_and_the_numbers_are_the_same(place, offset):
    found, model = annotated(place)
    assert model.calls == 1
    grid = found.activation.grid
    placement = MapPlacement.of(found.box, grid, offset)
    inside = np.s_[2:-2, 52:248]  # of the outline
    expected = paint_heat(found.frame.bgr, placement, grid, found.view)
    assert (found.painted[inside] == expected[inside]).all()
    assert found.stats.centre == centre_of_map(grid, placement).centre
    assert (grid == annotated("page")[0].activation.grid).all()


def test_exact_is_the_mean_with_the_turned_picture_at_no_offset():
    found, model = annotated("exact")
    assert model.calls == 2
    assert found.offset_px == (0.0, 0.0)
    once = annotated("page")[0].activation.grid
    assert found.activation.grid == pytest.approx(once, abs=0.2)  # the fake sees turned the same


def test_figures_of_several_classes_say_where_each_lies():
    found, _ = annotated("measured", measured=(0, 2))
    ball = found.stats.classes["ball"]
    placement = MapPlacement.of(found.box, ball.grid, (8.0, 16.0))
    assert ball.centre == centre_of_map(ball.grid, placement).centre
    assert ball.offset_px == (8.0, 16.0)
    assert np.isfinite(ball.extent).all()
