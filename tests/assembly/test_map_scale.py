"""Maps of a network with a scale of its own are as lively as those of the networks here."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from models.formats.tflite_files import write_classifier
from support import textured

import livecam
from livecam.assembly.first_view import first_view
from livecam.assembly.map_scale import with_scale_of
from livecam.assembly.open_model import open_model
from livecam.core.class_activation import brightness
from livecam.core.map_scale import MapScale
from livecam.models.catalogue import spec_of
from livecam.models.scale_file import keep_scale
from livecam.settings.schema import HeatSettings, Settings

GRID = np.linspace(-9.0, 36.0, 49, dtype=np.float32).reshape(7, 7)


def view_of(scale, **heat):
    settings = Settings(heat=HeatSettings(**heat))
    first = first_view(settings, (0,), (0, 1, 2))
    return with_scale_of(SimpleNamespace(map_scale=scale), settings, first)


def light(grid, view, reference):
    return brightness(grid, gain=view.gain_at(reference), reference=reference)


@pytest.mark.parametrize("scale", [0.5, 6.0, 400.0])
@pytest.mark.parametrize("gain", [0.1, 0.3])
def test_a_map_of_another_scale_is_drawn_as_one_of_36_is(scale, gain):
    usual = view_of(MapScale(), gain=gain)
    view = view_of(MapScale(scale, gain_is_relative=True), gain=gain)
    assert (view.act_max, view.auto, view.gain) == (scale, False, gain)
    expected = light(GRID, usual, 36.0)
    found = light(GRID * np.float32(scale / 36.0), view, scale)
    np.testing.assert_allclose(found.astype(int), expected.astype(int), atol=1)
    assert expected.max() - expected.min() > 150


def test_before_it_is_measured_each_frame_is_fitted_to_its_own_maximum():
    view = view_of(MapScale(None, gain_is_relative=True))
    assert view.auto
    assert view.gain_at(6.0) == pytest.approx(0.6)
    assert view.gain_at(12.0) == pytest.approx(0.3)
    for reference in (-6.0, 0.0, 1e-9):  # nothing speaks for the class
        assert 0 < view.gain_at(reference) < 1e5


def test_a_reference_that_was_named_stands_above_what_was_measured():
    view = view_of(MapScale(6.0, gain_is_relative=True), act_max=12.0)
    assert (view.act_max, view.gain_at(12.0)) == (12.0, pytest.approx(0.3))


def test_the_networks_here_are_drawn_as_before_to_the_bit():
    for act_max in (None, 20.0, "auto"):
        view = view_of(MapScale(36.0), act_max=act_max)
        assert all(view.gain_at(reference) == 0.1 for reference in (0.7, 20.0, 36.0))


def test_what_an_opened_network_says_of_its_scale(tmp_path, cache):
    assert open_model(spec_of("flowers")).map_scale == MapScale(36.0)
    foreign = open_model(spec_of(write_classifier(tmp_path / "net.tflite", "float")))
    assert foreign.map_scale == MapScale(None, gain_is_relative=True)
    (tmp_path / "export").mkdir()
    assert keep_scale(tmp_path / "export", 7.5, 50)
    measured = replace(foreign, export_folder=tmp_path / "export")
    assert measured.map_scale == MapScale(7.5, gain_is_relative=True)


def test_the_library_draws_a_foreign_map_in_more_than_one_colour(tmp_path, cache):
    model = livecam.open_model(write_classifier(tmp_path / "net.tflite", "float"))
    picture = textured(64, 64)
    measured = livecam.measure(model, picture, 0)
    heat = livecam.HeatSettings(opacity=1.0, view="brightness", interpolation="nearest")
    white = np.full((64, 64, 3), 255, np.uint8)
    drawn = livecam.draw(white, measured, heat=heat, figures=False)
    (annotated,) = livecam.annotate([picture], model, class_name=0, heat=heat)
    assert annotated.view.gain_at(measured.maximum) * measured.maximum == pytest.approx(3.6)
    assert int(drawn.max()) - int(drawn.min()) > 100
