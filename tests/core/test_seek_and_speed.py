"""Speeds and places as they are shown."""

import pytest

from livecam.core.seek_and_speed import (
    SPEEDS,
    changed_speed,
    clip_place,
    clock_text_to_hundredths,
    file_place,
)


def test_speeds_double_and_halve():
    assert [changed_speed(1.0, by) for by in (-9, -1, 0, 1, 2, 9)] == [
        0.125,
        0.5,
        1.0,
        2.0,
        4.0,
        8.0,
    ]
    assert all(changed_speed(changed_speed(speed, 1), -1) == speed for speed in SPEEDS[:-1])


@pytest.mark.parametrize(
    ("time_s", "text"),
    [(0.0, "0:00.00"), (7.25, "0:07.25"), (59.996, "1:00.00"), (61.5, "1:01.50"),
     (3599.999, "1:00:00.00"), (3723.04, "1:02:03.04"), (-0.1, "0:00.00")],
)  # fmt: skip
def test_times_are_written_as_on_a_player(time_s, text):
    assert clock_text_to_hundredths(time_s) == text


def test_places_of_clips_and_files():
    assert clip_place(7.25, 30.0) == "0:07.25 / 0:30.00"
    assert clip_place(7.25, None) == "0:07.25"
    assert clip_place(30.5, 30.0) == "0:30.50 / 0:30.50"
    assert file_place("owl.jpg", 3, 12) == "3 / 12  owl.jpg"
    assert file_place("owl.jpg", 1, 1) == "owl.jpg"
