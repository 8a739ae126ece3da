"""Changes of settings by the API have the limits of the command line's flags."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from livecam.settings.schema import HeatSettings
from livecam.web.api.settings_change import SettingsChange, view_fields_of
from cyclopts import App, CycloptsError


def set_by_the_flag(name, value):
    """The setting as the command line reads it; None where it refuses."""
    app = App(result_action="return_value")

    @app.default
    def heat_settings(*, heat: HeatSettings | None = None):
        return heat

    try:
        heat = app([f"--{name}={value}"], exit_on_error=False, print_error=False)
    except CycloptsError:
        return None
    return getattr(heat, name.replace("-", "_"))


def set_by_the_api(name, value):
    try:
        return getattr(SettingsChange.model_validate({name: value}), name.replace("-", "_"))
    except ValidationError:
        return None


NUMBERS = st.one_of(
    st.floats(-3000, 3000), st.sampled_from([0.0, 1.0, 10.0, 1000.0, -1000.0, 1e300, 1e-300])
)


@pytest.mark.parametrize("name", ["opacity", "gain", "act-max"])
@settings(deadline=None, max_examples=40)
@given(value=NUMBERS)
def test_numbers_have_the_limits_of_the_flags(name, value):
    assert set_by_the_api(name, value) == set_by_the_flag(name, repr(value))


@pytest.mark.parametrize("name", ["interpolation", "view", "colormap", "act-max"])
@pytest.mark.parametrize("value", ["bilinear", "nearest", "colour", "jet", "auto", "pink", ""])
def test_choices_are_those_of_the_flags(name, value):
    assert set_by_the_api(name, value) == set_by_the_flag(name, value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "0.5", True, [0.5], {}])
def test_a_value_that_is_not_a_number_is_refused(value):
    assert set_by_the_api("opacity", value) is None


def test_a_change_sets_fields_of_the_view():
    change = SettingsChange.model_validate({"view": "brightness", "act-max": 12, "top-five": True})
    assert view_fields_of(change, 7) == {
        "style": "brightness", "act_max": 12.0, "auto": False, "top_five": True, "class_index": 7,
        "follows": False,
    }  # fmt: skip
    assert view_fields_of(SettingsChange.model_validate({"act-max": "auto"}), None) == {
        "auto": True
    }
    assert view_fields_of(SettingsChange(), None) == {}
    assert view_fields_of(SettingsChange.model_validate({"class": "auto"}), None) == {
        "follows": True
    }
