"""A change from the API is judged by the same limits as a flag of the command line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from livecam.models.catalogue import spec_of
from livecam.settings.schema import HeatSettings
from livecam.web.api.run_info import About
from livecam.web.streaming.mjpeg_broadcast import jpeg_of
from livecam.web.api.messages import Change, fields_of
from livecam.web.streaming.streams import part_of
from cyclopts import App, CycloptsError
from support import picture


def said_by_the_flag(name, value):
    """The setting as the command line reads it; None where it refuses."""
    heard = App(result_action="return_value")

    @heard.default
    def take(*, heat: HeatSettings | None = None):
        return heat

    try:
        heat = heard([f"--{name}={value}"], exit_on_error=False, print_error=False)
    except CycloptsError:
        return None
    return getattr(heat, name.replace("-", "_"))


def said_by_the_api(name, value):
    try:
        return getattr(Change.model_validate({name: value}), name.replace("-", "_"))
    except ValidationError:
        return None


NUMBERS = st.one_of(
    st.floats(-3000, 3000), st.sampled_from([0.0, 1.0, 10.0, 1000.0, -1000.0, 1e300, 1e-300])
)


@pytest.mark.parametrize("name", ["opacity", "gain", "act-max"])
@settings(deadline=None, max_examples=40)
@given(value=NUMBERS)
def test_numbers_have_the_limits_of_the_flags(name, value):
    assert said_by_the_api(name, value) == said_by_the_flag(name, repr(value))


@pytest.mark.parametrize("name", ["interpolation", "view", "colormap", "act-max"])
@pytest.mark.parametrize("value", ["bilinear", "nearest", "colour", "jet", "auto", "pink", ""])
def test_words_are_those_of_the_flags(name, value):
    assert said_by_the_api(name, value) == said_by_the_flag(name, value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "0.5", True, [0.5], {}])
def test_what_is_no_number_is_refused(value):
    assert said_by_the_api("opacity", value) is None


def test_a_change_means_fields_of_the_view():
    change = Change.model_validate({"view": "brightness", "act-max": 12, "top-five": True})
    assert fields_of(change, 7) == {
        "style": "brightness", "act_max": 12.0, "auto": False, "top_five": True, "class_index": 7
    }  # fmt: skip
    assert fields_of(Change.model_validate({"act-max": "auto"}), None) == {"auto": True}
    assert fields_of(Change(), None) == {}


def test_the_search_puts_the_name_itself_first():
    spec = spec_of("imagenet", 0.75, None)
    about = About("", "", spec.labels, range(1000), turnable=False)
    first = [spec.labels.first_names[index] for index in about.search("daisy")]
    assert first[0] == "daisy"
    assert len(about.search("")) == 1000
    assert about.search("985") == [985]
    assert spec.labels.first_names[about.search("great shark")[0]] == "great white shark"
    assert about.search("no such thing") == []


def test_a_part_of_the_stream_ends_with_the_head_of_the_next_one():
    jpeg = jpeg_of(picture(64, 48))
    assert part_of(jpeg) == jpeg + b"\r\n--livecam-frame\r\nContent-Type: image/jpeg\r\n\r\n"


def test_large_pictures_are_scaled_down_for_the_stream():
    import cv2
    import numpy as np

    def size(jpeg):
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2]

    assert size(jpeg_of(picture(2560, 1440))) == (720, 1280)
    assert size(jpeg_of(picture(64, 48))) == (48, 64)
    assert size(jpeg_of(picture(3, 5000))) == (1280, 1)
