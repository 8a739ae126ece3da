"""The name of a class that is being typed, as a window shows it."""

import pytest
from core.drawn_frames import difference, on_screen, with_view

from livecam.core.class_entry import ClassEntry
from livecam.core.screen_lines import entry_lines

FIVE = ("cardoon", "cardigan", "car mirror", "car wheel", "freight car")


def texts(entry):
    return [line.text for line in entry_lines(entry)]


def test_it_says_what_was_typed_what_is_found_and_what_to_press():
    assert texts(ClassEntry("")) == ["class: _", "a name, or a kind: bird"]
    assert texts(ClassEntry("car", FIVE[:2])) == [
        "class: car_", "cardoon", "cardigan", "Enter: the first   Esc: back",
    ]  # fmt: skip
    assert texts(ClassEntry("xy")) == ["class: xy_", "none found   Esc: back"]


@pytest.mark.parametrize("size", [(100, 75), (250, 188), (640, 480), (1280, 720)])
def test_it_is_drawn_whole_at_the_lower_left(size):
    width, height = size
    plain = on_screen(640, 480, canvas=size)
    typed = on_screen(640, 480, canvas=size, view=with_view(class_entry=ClassEntry("car", FIVE)))
    rows, columns = difference(typed, plain)[:, 0], difference(typed, plain)[:, 1]
    assert len(rows)
    assert columns.min() > 0 or width < 130
    assert rows.max() < height - 1
    assert columns.max() < 0.75 * width or width < 300


def test_a_message_waits_until_it_is_over():
    view = with_view(class_entry=ClassEntry("car", FIVE))
    shown = on_screen(640, 480, view=view)
    assert not len(difference(on_screen(640, 480, view=view, message="saved"), shown))
