"""The view that a run begins with: every key that keeps a state has a setting."""

from dataclasses import replace

import pytest

from livecam.assembly.first_view import first_view
from livecam.core.key_bindings import BINDINGS
from livecam.settings.schema import (
    MapSettings,
    HeatSettings,
    ObjectSettings,
    OutputSettings,
    RecordingSettings,
    Settings,
    WindowSettings,
)

USUAL = Settings()

OTHERWISE = Settings(
    map=MapSettings(area="frame", detail=2),
    heat=HeatSettings(
        act_max="auto", interpolation="nearest", view="brightness", colormap="jet", overlay=False
    ),
    objects=ObjectSettings(boxes=True),
    window=WindowSettings(
        mirror=True,
        figures=False,
        top_five=True,
        keys=True,
        paused=True,
        fullscreen=True,
        at_end="loop",
    ),
    recording=RecordingSettings(record_figures=False, record_top=True, record_clock=True),
    output=OutputSettings(record="a.mp4"),
)


def view_of(settings):
    return first_view(settings, (1,), (0, 1, 2))


@pytest.mark.parametrize("field", sorted({b.shows for b in BINDINGS if b.shows} - {"judged"}))
def test_each_key_with_a_state_can_be_set_at_the_start(field):
    assert getattr(view_of(USUAL), field) != getattr(view_of(OTHERWISE), field)


def test_what_recordings_hold_does_not_depend_on_what_the_screen_shows():
    usual, otherwise = view_of(USUAL), view_of(OTHERWISE)
    assert (usual.record_figures, usual.record_top) == (True, False)
    assert (otherwise.record_figures, otherwise.record_top) == (False, True)
    assert (usual.record_clock, otherwise.record_clock) == (False, True)
    on_screen = replace(USUAL, window=WindowSettings(figures=False, top_five=True))
    assert view_of(on_screen).record_figures
    assert not view_of(on_screen).record_top
