"""Conditions: what they mean, what is refused, and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.conditions.expression import (
    And,
    Comparison,
    Not,
    Or,
    classes_of,
    seen_classes_of,
    with_class_names,
)
from livecam.core.conditions.parse import HeldCondition, parse_condition, parse_held_condition
from livecam.errors import SettingsError


def compared(figure, name, sign, value):
    return Comparison(figure, name, sign, value)


DAISY = compared("probability", "daisy", ">", 0.8)
BEE = compared("probability", "bee", "<", 0.5)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("daisy > 0.8", DAISY),
        ("0.8 < daisy", DAISY),
        ("daisy>.8", DAISY),
        ("  daisy\n >  0.8 ", DAISY),
        ("probability(daisy) > 0.8", DAISY),
        ('"daisy" > 0.8', DAISY),
        ("max(daisy) > 20", compared("max", "daisy", ">", 20.0)),
        ("100 > max(daisy)", compared("max", "daisy", "<", 100.0)),
        ("-3 <= logit(daisy)", compared("logit", "daisy", ">=", -3.0)),
        ("mean('barn spider') != 3", compared("mean", "barn spider", "!=", 3.0)),
        ('"barn spider" > 0.5', compared("probability", "barn spider", ">", 0.5)),
        ('"985" > 0.5', compared("probability", "985", ">", 0.5)),
        ("Gänseblümchen > 0.5", compared("probability", "Gänseblümchen", ">", 0.5)),
        ("seen == daisy", compared("seen", "", "==", "daisy")),
        ("daisy == seen", compared("seen", "", "==", "daisy")),
        ("'bee #1' != seen", compared("seen", "", "!=", "bee #1")),
        ("seen != other", compared("seen", "", "!=", "other")),
        (
            "0.2 < daisy <= 0.8",
            And((
                compared("probability", "daisy", ">", 0.2),
                compared("probability", "daisy", "<=", 0.8),
            )),
        ),
        ("daisy > 0.8 and bee < 0.5", And((DAISY, BEE))),
        ("not daisy > 0.8 or bee < 0.5", Or((Not(DAISY), BEE))),
        ("not (daisy > 0.8 or bee < 0.5)", Not(Or((DAISY, BEE)))),
        ("daisy > 0.8 and (bee < 0.5 or daisy > 0.8)", And((DAISY, Or((BEE, DAISY))))),
    ],
)  # fmt: skip
def test_a_condition_means(text, meant):
    assert parse_condition(text) == meant


@pytest.mark.parametrize(
    ("text", "word", "hint"),
    [
        ("", "empty", "daisy > 0.8"),
        ("daisy", "'daisy'", "compared with nothing"),
        ("max(daisy)", "'max(daisy)'", "compared with nothing"),
        ("daisy > 80", "'80'", "from 0 to 1"),
        ("daisy > -0.1", "'-0.1'", "from 0 to 1"),
        ("daisy = 0.8", "'='", "=="),
        ("daisy > bee", "'bee'", "no number"),
        ("daisy > True", "'True'", "no number"),
        ("daisy > 1j", "'1j'", "no number"),
        ("max(daisy) > 1e999", "'1e999'", "too large"),
        ("max(daisy) > " + "9" * 400, "999", "too large"),
        ("985 > 0.5", "'985'", "quotation marks"),
        ("daisy > 0,8", "'0,8'", "it has a point"),
        ("daisy > 80 %", "'80 %'", "no percent sign"),
        ("barn spider > 0.5", "'barn spider'", "quotation marks"),
        ("barn-spider > 0.5", "'barn-spider'", "quotation marks"),
        ("daisy > 0.8 AND bee > 0.5", "'AND'", "small: and"),
        ("max(daisy, bee) > 2", "'max(daisy, bee)'", "one class"),
        ("min(daisy) > 2", "'min'", "max, mean, logit"),
        ("seen > 0.5", "'0.5'", "== or !="),
        ("seen == 3", "'3'", "name of a class"),
        ("daisy in (1, 2)", "daisy in", "another comparison"),
        ("daisy >", "'>'", "not understood"),
        ("daisy > 0.8 # in the morning", "morning", ""),
        ("daisy > 0.8)", "'0.8)'", ""),
        ("(daisy > 0.8", "", "not understood"),
        ("daisy > 0.8; bee > 0.5", ";", ""),
        ("__import__('os').system('true') > 0.5", "system", "none of"),
        ("[x for x in y] > 0.5", "[x for x in y]", ""),
        ("(lambda: 1)() > 0.5", "lambda", ""),
        ("daisy > 0.8\0", "", ""),
        ("(" * 300 + "daisy > 0.8" + ")" * 300, "", ""),
        ("x" * 5000 + " > 0.5", "too long", ""),
    ],
)
def test_what_is_no_condition_is_refused_with_the_word_and_an_example(text, word, hint):
    with pytest.raises(SettingsError) as refused:
        parse_condition(text)
    message = str(refused.value)
    assert word in message
    assert hint in message
    assert "\n" not in message
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "hold_s"),
    [("", 0), (" for 2s", 2), (" for 2 s", 2), (" for 500ms", 0.5), (" for 1.5min", 90)],
)
def test_a_moment_lasts(text, hold_s):
    assert parse_held_condition(f"daisy > 0.8{text}") == HeldCondition(DAISY, hold_s)


@pytest.mark.parametrize("time", ["2", "twos", "-1s", "nans", "1e999s", "2m", "2 days"])
def test_no_time_is_refused(time):
    with pytest.raises(SettingsError, match="for"):
        parse_held_condition(f"daisy > 0.8 for {time}")


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_refused_in_one_line(text):
    message = ""
    try:
        parse_held_condition(text)
    except SettingsError as refused:
        message = str(refused)
    assert "\n" not in message


numbers = st.floats(0, 1).map(lambda value: float(f"{value:g}"))
comparisons = st.builds(
    Comparison,
    st.sampled_from(["probability", "max", "mean", "logit"]),
    st.sampled_from(["daisy", "bee", "barn spider", "short-haired", "Käfer"]),
    st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
    numbers,
) | st.builds(
    Comparison, st.just("seen"), st.just(""), st.sampled_from(["==", "!="]), st.just("bee")
)
expressions = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.tuples(inner, inner))
        | st.builds(Or, st.tuples(inner, inner))
    ),
    max_leaves=6,
)


@given(expressions)
def test_a_condition_that_is_written_out_is_read_as_the_same(expression):
    assert parse_condition(str(expression)) == expression


def test_the_classes_of_a_condition_come_once_and_can_be_renamed():
    typed = parse_condition("Daisy > 0.8 or seen == bumblebee and (max(bee) > 3 or Daisy < 0.1)")
    assert classes_of(typed) == ("Daisy", "bee")
    assert seen_classes_of(typed) == ("bumblebee",)
    renamed = with_class_names(typed, str.upper)
    assert classes_of(renamed) == ("DAISY", "BEE")
    assert seen_classes_of(with_class_names(parse_condition("seen != other"), str.upper)) == ()
