"""Conditions that hold for no picture are known, and none that holds for some is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.conditions.contradiction import why_never
from livecam.core.conditions.evaluate import ClassValues, PictureFigures, holds
from livecam.core.conditions.parse import parse_condition

TOO_MUCH = (
    "the probabilities of all classes add up to 1 in every picture: ask the maps of several "
    'things, like "max(bee) > 20 and max(daisy) > 20"'
)


def reason(text, *, adds_up=True):
    return why_never(parse_condition(text), adds_up=adds_up)


@pytest.mark.parametrize(
    "text",
    [
        "bee > 0.5 and daisy > 0.5", "bee > 0.5 and (seen == bee and daisy >= 0.5)",
        "bee == 0.6 and 0.5 < daisy < 0.9", "bee >= 0.7 and daisy >= 0.4",
        "(bee > 0.8 and daisy > 0.3) or (bee > 0.9 and daisy > 0.2)",
        "bee > 0.5 and not rose > 0.2 and daisy > 0.5",
    ],
)  # fmt: skip
def test_more_than_all_together_is_never_there(text):
    assert reason(text) == TOO_MUCH
    assert reason(text, adds_up=False) == ""  # each class has its own window then


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("daisy > 0.8 and daisy < 0.2", "no probability of daisy is as it asks"),
        ("daisy > 0.8 and daisy <= 0.8", "no probability of daisy is as it asks"),
        ("0.8 < daisy < 0.2", "no probability of daisy is as it asks"),
        ("max(daisy) == 3 and max(daisy) > 3", "no max of daisy is as it asks"),
        ("seen == daisy and seen == bee", "one class alone is seen in a picture"),
    ],
)
def test_what_contradicts_itself_is_never_there(text, words):
    assert reason(text, adds_up=False) == words


@pytest.mark.parametrize(
    "text",
    [
        "daisy > 0.8", "bee > 0.5 or daisy > 0.5", "bee > 0.4 and daisy > 0.4",
        "bee >= 0.5 and daisy >= 0.5", "max(bee) > 20 and max(daisy) > 20",
        "daisy > 0.8 and not bee > 0.5", "not (bee > 0.5 and daisy > 0.5)", "0.2 < daisy < 0.8",
        "bee >= 0.3 and bee > 0.2 and daisy > 0.5", "seen == daisy and seen != bee",
        "bee > 0.9 and daisy < 0.5", "daisy >= 0.8 and daisy <= 0.8",
    ],
)  # fmt: skip
def test_what_may_hold_is_taken(text):
    assert reason(text) == ""


LIMITS = st.sampled_from(["0.2", "0.3", "0.5", "0.8"])
COMPARISONS = st.builds(
    "{} {} {}".format, st.sampled_from(["bee", "daisy"]), st.sampled_from([">", ">=", "<"]), LIMITS
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda part: st.builds("({}) {} ({})".format, part, st.sampled_from(["and", "or"]), part),
    max_leaves=5,
)


def picture(bee, daisy):
    values = {"bee": bee, "daisy": daisy}
    return PictureFigures({name: ClassValues(p, 0.0, 0.0, 0.0) for name, p in values.items()})


@given(CONDITIONS, st.integers(0, 20), st.integers(0, 20))
def test_what_is_refused_holds_for_no_picture(text, bee, daisy):
    bee, daisy = bee / 20, min(daisy, 20 - bee) / 20
    if reason(text):
        assert not holds(parse_condition(text), picture(bee, daisy)), (bee, daisy)
