"""The library draws maps: onto any picture, where they were measured."""

import numpy as np
import pytest
from PIL import Image
from support import textured

import livecam


def rgb_of(bgr):
    return bgr[..., ::-1]


def test_a_map_is_drawn_where_it_was_measured(model, bgr):
    """A map of the whole frame changes the rims, one of the square does not."""
    rim = np.s_[:, :20]
    heat = livecam.HeatSettings(act_max=-1000.0)  # full brightness everywhere
    whole = livecam.measure(model, bgr, ["daisy", "rose"], area="frame")
    for what in (whole, whole.classes["rose"]):
        drawn = livecam.draw(bgr, what, heat=heat, figures=False)
        assert (drawn[rim] != bgr[rim]).mean() > 0.9
    for what, area in ((livecam.measure(model, bgr), None), (whole, "square")):
        drawn = livecam.draw(bgr, what, heat=heat, figures=False, area=area)
        assert (drawn[rim] == bgr[rim]).all()


def test_a_map_is_drawn_onto_a_copy_of_the_picture(model, bgr):
    measured, before = livecam.measure(model, bgr), bgr.copy()
    drawn = livecam.draw(bgr, measured)
    assert (drawn.shape, drawn.dtype) == (bgr.shape, np.uint8)
    assert (bgr == before).all()
    assert (drawn != bgr).any()
    assert (drawn != livecam.draw(bgr, measured, figures=False)).any()  # no panel, no colour bar


def test_the_channels_go_out_as_they_come_in(model, bgr):
    measured = livecam.measure(model, bgr)
    drawn = livecam.draw(bgr, measured)
    assert (livecam.draw(rgb_of(bgr), measured, channels="rgb") == rgb_of(drawn)).all()
    image = Image.fromarray(rgb_of(bgr))
    assert (livecam.draw(image, measured, channels="bgr") == drawn).all()
    assert (livecam.draw(image, measured, channels="rgb") == rgb_of(drawn)).all()


def test_an_array_is_drawn_in_the_order_that_it_was_measured_in(model, bgr):
    drawn, rgb = livecam.draw(bgr, livecam.measure(model, bgr)), rgb_of(bgr)
    measured = livecam.measure(model, rgb, channels="rgb")
    (in_batch,) = livecam.measure(model, [rgb], channels="rgb")
    assert (livecam.draw(rgb, measured) == rgb_of(drawn)).all()
    assert (livecam.draw(rgb, in_batch) == rgb_of(drawn)).all()
    assert (livecam.draw(bgr, measured, channels="bgr") == drawn).all()
    assert (livecam.draw(Image.fromarray(rgb), measured) == rgb_of(drawn)).all()


def test_what_is_drawn_on_a_pillow_image_goes_back_to_pillow(model):
    red = Image.new("RGB", (300, 200), (255, 0, 0))
    heat = livecam.HeatSettings(overlay=False)
    drawn = livecam.draw(red, livecam.measure(model, red), heat=heat, figures=False)
    assert Image.fromarray(drawn).getpixel((5, 100)) == (255, 0, 0)  # beside the square


def test_any_grid_can_be_drawn_and_heat_is_brightest_where_it_is_largest():
    black = np.zeros((300, 300, 3), np.uint8)
    grid = np.full((7, 7), -100.0)
    grid[0, 6] = 40.0
    drawn = livecam.draw(black, grid, figures=False)
    assert np.unravel_index(drawn.sum(axis=2).argmax(), (300, 300)) >= (0, 250)
    assert drawn[150:, :150].max() < 5
    looks = [livecam.HeatSettings(), livecam.HeatSettings(colormap="turbo", view="brightness")]
    one, other = (livecam.draw(black + 90, grid.tolist(), heat=heat) for heat in looks)
    assert (one != other).any()


def test_the_figures_of_another_class_of_the_measurement_are_drawn_with_its_name(model, bgr):
    measured = livecam.measure(model, bgr, ["daisy", "tulip"])
    assert (livecam.draw(bgr, measured) == livecam.draw(bgr, measured.classes["daisy"])).all()
    assert (livecam.draw(bgr, measured) != livecam.draw(bgr, measured.classes["tulip"])).any()


@pytest.mark.parametrize("size", [(1, 1), (20, 300), (100, 100), (2000, 50)])
def test_any_size_can_be_drawn(model, size):
    picture = textured(*size)
    assert livecam.draw(picture, livecam.measure(model, picture)).shape == picture.shape
