"""Settings of the heat that were made in Python are checked as those of the command line."""

import math

import numpy as np
import pytest
from support import textured

import livecam
from livecam.errors import SettingsError


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("colormap", "tubro", '"inferno", "turbo"'),
        ("colormap", None, '"inferno", "turbo"'),
        ("interpolation", "linear", '"bilinear" or "nearest"'),
        ("view", "color", '"colour", "brightness" or "pair"'),
        ("act_max", "max", 'a number or "auto"'),
        ("act_max", 1e6, "from -1000 to 1000"),
        ("act_max", math.nan, "a number"),
        ("gain", 0, "Must be >= 0.001"),
        ("gain", -1.0, "Must be >= 0.001"),
        ("gain", True, "a number"),
        ("opacity", "0.5", "a number"),
        ("opacity", 2, "Must be <= 1"),
        ("opacity", 50, "Must be <= 1"),
        ("overlay", "no", "True or False"),
        ("overlay", 1, "True or False"),
    ],
)
def test_a_value_that_cannot_be_drawn_is_refused_at_once(name, value, words):
    with pytest.raises(SettingsError) as caught:
        livecam.HeatSettings(**{name: value})
    assert str(caught.value).startswith(name)
    assert words in str(caught.value)
    assert repr(value) in str(caught.value)


def test_numbers_of_any_kind_are_taken():
    heat = livecam.HeatSettings(act_max=40, opacity=np.float32(0.5), gain=np.float64(0.2))
    black = np.zeros((64, 64, 3), np.uint8)
    assert livecam.draw(black, np.ones((7, 7)), heat=heat).any()
    assert livecam.HeatSettings(act_max="auto").act_max == "auto"


def test_heat_is_an_object_and_not_a_dictionary():
    for call in (
        lambda: livecam.draw(textured(64, 64), np.ones((7, 7)), heat={"colormap": "turbo"}),
        lambda: livecam.annotate(
            textured(64, 64), livecam.open_model("flowers"), heat={"colormap": "turbo"}
        ),
    ):
        with pytest.raises(TypeError, match=r"livecam\.HeatSettings\(\.\.\.\), not dict"):
            call()


def test_the_help_describes_every_field():
    described = livecam.HeatSettings.__doc__
    for name in livecam.HeatSettings.__dataclass_fields__:
        assert f"        {name}: " in described
