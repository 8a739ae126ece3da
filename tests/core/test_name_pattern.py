"""Codes for date and time in names of files."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.name_pattern import DATED_NAME, NamePattern

EVENING = datetime(2026, 1, 2, 23, 4, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (DATED_NAME, "livecam_2026-01-02_23-04-05"),
        ("cam %j %b %p", "cam 002 Jan PM"),
        ("100%%", "100%"),
        ("%%Y", "%Y"),
        ("plain", "plain"),
    ],
)
def test_a_name_at_a_time(text, written):
    evening = EVENING.astimezone().replace(hour=23, day=2, minute=4)
    assert NamePattern(text).at(evening) == written


@pytest.mark.parametrize(
    ("text", "is_dated"), [("a.mp4", False), ("a%%.mp4", False), ("%H.mp4", True), ("%%%d", True)]
)
def test_what_gives_another_name_at_another_time(text, is_dated):
    assert NamePattern(text).is_dated is is_dated
    assert NamePattern(text).problem == ""


@pytest.mark.parametrize("text", ["100%.mp4", "%", "%c", "%x", "%X", "%e", "a%-d", "%20"])
def test_what_is_no_code_or_gives_no_name_is_a_problem(text):
    assert "no code for a date or time" in NamePattern(text).problem


CODES = "YymdjHIMSfGVuwUWaAbBpzZ%"


@given(st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)))  # noqa: DTZ001  (wall clock)
def test_every_name_matches_its_pattern(now):
    for code in CODES:
        pattern = NamePattern(f"a_%{code}_b")
        assert re.fullmatch(pattern.regex, pattern.at(now)), code


def test_a_pattern_matches_no_other_names():
    pattern = re.compile(NamePattern("cam_%Y-%m-%d.%%").regex)
    assert pattern.fullmatch("cam_2026-01-02.%")
    for name in ("cam_2026-01-02x%", "cam_2026-1-2.%", "xcam_2026-01-02.%", "cam_2026-01-02.%_2"):
        assert not pattern.fullmatch(name)
