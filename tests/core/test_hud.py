"""Text and panels: what is drawn, that it fits, that it can be read."""

from dataclasses import replace

import numpy as np
import pytest
from support import FakeModel, picture


from livecam.core import hud

from livecam.core import text
from livecam.core.crop import centred_square, network_view
from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.types import Frame
from livecam.core.view import View

VIEW = View(class_index=1, class_cycle=(1,))


def drawn(width=640, height=480, value=90, view=VIEW, **status):
    bgr = picture(width, height, value)
    box = centred_square(width, height)
    model = FakeModel()
    activation = model.measure(network_view(bgr, box), 1)
    stats = stats_of(
        activation,
        1,
        model.labels,
        model.class_choices,
        FrameTiming(29.97, 1.0),
    )
    status = RunStatus(**status)
    frame = Frame(bgr, 0, 0.0)
    annotated = AnnotatedFrame(frame, box, activation, stats, view, bgr, status)
    hud.draw_hud(annotated, engine="Fake")
    return bgr


def difference(one, other):
    return np.argwhere((one != other).any(axis=2))


@pytest.mark.parametrize("value", [0, 90, 255])
def test_letters_stand_out_on_any_ground(value):
    area = drawn(value=value)[10:110, 10:180]
    grey = area.mean(axis=2)
    assert np.percentile(grey, 99.5) - np.percentile(grey, 30) > 120


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (96, 96), (200, 200), (320, 568), (3840, 2160)])
def test_every_size_of_picture_can_be_drawn_on(size):
    view = replace(VIEW, top_five=True, help=True, paused=True)
    bgr = drawn(
        *size, view=view, recording_s=3723, notification="saved a file with a long name.png"
    )
    assert bgr.shape == (size[1], size[0], 3)


def test_letters_grow_with_the_frame():
    assert text.base_size_px(1280, 720) == 2 * text.base_size_px(640, 360)
    assert text.base_size_px(20, 20) >= 10


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, top_five=True), replace(VIEW, help=True), replace(VIEW, paused=True),
        replace(VIEW, figures=False), replace(VIEW, auto=True),
        replace(VIEW, interpolation="nearest"), replace(VIEW, overlay=False),
        replace(VIEW, style="brightness"), replace(VIEW, colormap="jet"),
    ],
)  # fmt: skip
def test_each_choice_can_be_seen(view):
    assert len(difference(drawn(), drawn(view=view))) > 20


def test_recording_time_and_notice_can_be_seen():
    assert len(difference(drawn(), drawn(recording_s=5.0))) > 100
    assert len(difference(drawn(), drawn(notification="saved"))) > 100
    corner = difference(drawn(), drawn(recording_s=5.0))
    assert corner[:, 0].max() < 100
    assert corner[:, 1].min() > 400


def test_the_figures_say_what_the_data_say():
    bgr = picture()
    box = centred_square(64, 48)
    model = FakeModel()
    stats = stats_of(
        model.measure(network_view(bgr, box), 1),
        1,
        model.labels,
        model.class_choices,
        FrameTiming(29.97, 1.0),
    )
    lines = [line.text for line in hud.figure_lines(stats, VIEW, "Fake", 36.0)]
    assert lines[0] == f"daisy  {100 * stats.probability:.1f} %"
    assert lines[1] == f"max {stats.maximum:.1f}   mean {stats.mean:.1f}"
    assert lines[2] == "sees something else"
    assert lines[3] == "30.0 FPS   Fake"
    assert lines[4] == "bilinear   fixed 36.0"


def test_without_a_rate_there_is_a_dash():
    model = FakeModel()
    bgr = picture()
    activation = model.measure(network_view(bgr, centred_square(64, 48)), 1)
    stats = stats_of(
        activation,
        1,
        model.labels,
        model.class_choices,
        FrameTiming(),
    )
    assert hud.figure_lines(stats, VIEW, "Fake", 36.0)[3].text.startswith("-- FPS")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")]
)
def test_recording_time_reads_like_a_clock(seconds, words):
    assert hud.clock_text(seconds) == words


def test_the_outline_frames_the_square_also_when_mirrored():
    bgr = picture(301, 200, 90)
    box = centred_square(301, 200)
    hud.outline_square(bgr, box, mirror=True)
    touched = np.argwhere((bgr != 90).any(axis=2))
    left = 301 - box.left - box.side
    assert touched[:, 1].min() == left
    assert touched[:, 1].max() == left + box.side - 1


def test_where_the_help_does_not_fit_everything_else_stays():
    helping = replace(VIEW, help=True)
    assert (drawn(160, 120, view=helping) == drawn(160, 120)).all()
    assert (drawn(view=helping) != drawn()).any()


def test_nothing_is_said_to_lie_above_a_frames_own_maximum():
    fixed, auto = picture(640, 480), picture(640, 480)
    hud.draw_colour_bar(fixed, VIEW, 36.0, 16)
    hud.draw_colour_bar(auto, replace(VIEW, auto=True), 36.0, 16)
    assert 5 < len(difference(fixed, auto)) < 5000  # the sign before the figure
