"""The table of keys on the screen."""

import pytest
from core.drawn_frames import difference, on_screen, with_view
from support import picture

from livecam.core.key_bindings import BINDINGS, bindings_for
from livecam.core.screen_help import GROUND, NAMES_ROW_EM, draw_help

HELPING = with_view(help=True)


@pytest.mark.parametrize("is_seekable", [True, False])
@pytest.mark.parametrize("canvas", [(250, 188), (320, 240), (640, 480), (1280, 720), (1920, 1080)])
def test_it_is_drawn_alone_and_fits(canvas, is_seekable):
    view = with_view(help=True, is_seekable=is_seekable)
    shown = on_screen(320, 240, canvas=canvas, view=view, message="saved", engine="Fake")
    alone = picture(*canvas)
    place = draw_help(alone, bindings_for(is_seekable=is_seekable))
    assert place.left >= 0
    assert place.top >= 0
    assert (place.part_of(shown) == place.part_of(alone)).all()
    ground = (place.part_of(alone) == GROUND).all(axis=2)
    assert ground[:, -2:].all()  # no letter is cut off
    assert ground[-2:].all()


@pytest.mark.parametrize(("is_seekable", "letters_px"), [(True, 9), (False, 9)])
def test_it_is_readable_in_a_window_of_250_pixels(is_seekable, letters_px):
    shown = picture(250, 188)
    bindings = bindings_for(is_seekable=is_seekable)
    place = draw_help(shown, bindings)
    rows_high = -(-len(bindings) // 2)
    assert place.height / (NAMES_ROW_EM * rows_high + 1) >= 0.98 * letters_px


def test_where_it_does_not_fit_everything_else_stays():
    assert draw_help(picture(100, 75), BINDINGS) is None
    plain = on_screen(100, 75, canvas=(100, 75))
    assert not len(difference(on_screen(100, 75, canvas=(100, 75), view=HELPING), plain))


def test_the_keys_of_classes_that_are_taught_come_first_and_a_long_name_shrinks_nothing():
    keys = (("1", "ivy"), ("0", "other"))
    first, second, *rest = bindings_for(is_seekable=False, class_keys=keys)
    assert (first.key_names, first.words) == ("1", "hold: samples of ivy")
    assert second.key_names == "0"
    assert tuple(rest) == bindings_for(is_seekable=False)
    short = draw_help(picture(640, 480), (first, *rest))
    long = bindings_for(is_seekable=False, class_keys=(("1", "cactus of the window sill " * 9),))
    assert draw_help(picture(640, 480), long).width <= short.width + 8


def test_a_window_shows_the_keys_of_classes_that_are_taught():
    view = with_view(help=True, class_keys=(("1", "ivy"),))
    plain = on_screen(320, 240, canvas=(640, 480), view=HELPING)
    assert len(difference(on_screen(320, 240, canvas=(640, 480), view=view), plain))
