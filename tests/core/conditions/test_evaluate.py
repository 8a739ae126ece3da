"""Conditions asked of figures; their easier versions for the end of an event."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.conditions.evaluate import ClassValues, PictureFigures, holds
from livecam.core.conditions.hysteresis import loosened
from livecam.core.conditions.parse import parse_condition

FIGURES = PictureFigures(
    {"daisy": ClassValues(0.9, 30.0, 5.0, 9.0), "bee": ClassValues(0.05, 2.0, -1.0, -2.0)}, "daisy"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daisy > 0.8", True),
        ("daisy > 0.9", False),
        ("daisy >= 0.9", True),
        ("0.2 < daisy < 0.8", False),
        ("0.2 < daisy < 0.95", True),
        ("max(daisy) == 30", True),
        ("mean(bee) < 0", True),
        ("logit(bee) <= -2", True),
        ("max(bee) != 2", False),
        ("seen == daisy", True),
        ("seen != other", True),
        ("daisy > 0.8 and bee > 0.5", False),
        ("daisy > 0.8 or bee > 0.5", True),
        ("not bee > 0.5", True),
        ("not (daisy > 0.8 and not bee > 0.5)", False),
    ],
)
def test_a_condition_holds(text, expected):
    assert holds(parse_condition(text), FIGURES) is expected


def test_a_figure_that_is_no_number_compares_with_nothing():
    figures = PictureFigures({"daisy": ClassValues(0.9, math.nan, 0, 0)})
    for sign in (">", "<", "==", "!="):
        assert not holds(parse_condition(f"max(daisy) {sign} 3"), figures)


@pytest.mark.parametrize(
    ("text", "easier"),
    [
        ("daisy > 0.8", "daisy > 0.72"),
        ("max(daisy) <= 20", "max(daisy) <= 22"),
        ("logit(daisy) > -2", "logit(daisy) > -2.2"),
        ("not daisy < 0.5", "not daisy < 0.45"),
        ("seen == daisy and daisy == 0.5", "seen == daisy and daisy == 0.5"),
    ],
)
def test_limits_are_loosened_by_a_share_of_themselves(text, easier):
    assert str(loosened(parse_condition(text), 0.1)) == easier


@given(
    st.floats(0, 1),
    st.floats(-50, 50),
    st.sampled_from(
        ["daisy > 0.5", "not max(daisy) > 0",
         "max(daisy) < -3 or not daisy < 0.4", "not not daisy > 0"]
    ),
    st.floats(0, 0.9),
)  # fmt: skip
def test_what_holds_still_holds_loosened(probability, largest, text, share):
    figures = PictureFigures({"daisy": ClassValues(probability, largest, 0, 0)})
    expression = parse_condition(text)
    assert holds(loosened(expression, share), figures) or not holds(expression, figures)
    assert loosened(expression, 0.0) == expression
