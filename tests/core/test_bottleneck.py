"""What limits the rate: one sentence, and only where something does."""

import pytest
from annotated_frames import annotated_frame_of
from dataclasses import replace
from support import picture

from livecam.core.bottleneck import BottleneckMonitor, Stages, limiting_sentence
from livecam.core.annotated_frame import Rates, RecorderState


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        (Stages(30, 29, source=30), ""),
        (Stages(None, 5, model=5), ""),
        (Stages(30, None), ""),
        (Stages(30, 15, source=15, model=100), "the camera gives 15 of 30 fps: dim light or USB"),
        (Stages(30, 12, 30, model=12, paint=90, screen=200),
         "the model is the limit: try --alpha 0.5"),
        (Stages(30, 12, 30, model=80, paint=14, screen=200),
         "drawing is the limit: try a smaller --size"),
        (Stages(30, 12, 30, model=80, paint=90, screen=13),
         "the window is the limit: make it smaller"),
        (Stages(30, 30, 30, encoder_drops=3),
         "the recording loses frames: try --quality small or a smaller --size"),
        (Stages(30, 12), ""),
        # Nobody here could be the limit: the machine is busy with something else.
        (Stages(30, 12, 30, model=80, paint=90, screen=200), ""),
        # None by itself, but one after the other they are.
        (Stages(30, 12, 30, model=40, paint=40, screen=35),
         "all stages together are the limit: try --alpha 0.5"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_slowest(stages, sentence):
    assert limiting_sentence(stages, smaller_alpha=0.5) == sentence


def test_a_sender_has_no_dim_light_and_the_smallest_model_none_that_is_smaller():
    slow = Stages(30, 10, source=10)
    assert limiting_sentence(slow, source_is_camera=False) == (
        "the sender gives 10 of 30 fps: it, or the network"
    )
    slow = Stages(30, 10, 30, paint=11)
    assert limiting_sentence(slow, source_is_camera=False) == (
        "drawing is the limit: ask the sender for smaller pictures"
    )
    lossy = Stages(30, 30, 30, encoder_drops=1)
    assert "--size" not in limiting_sentence(lossy, source_is_camera=False)
    assert limiting_sentence(Stages(30, 10, 30, model=10)) == (
        "the model is the limit: close other programs"
    )


def annotated(*, got, source):
    made = annotated_frame_of(picture(), 1, 0.1)
    return replace(
        made,
        frame=replace(made.frame, source_rate=source),
        stats=replace(made.stats, fps=got, latency_ms=70.0, model_ms=60.0),
    )


def test_what_lasts_is_said_and_what_passes_is_not():
    bottleneck = BottleneckMonitor(30.0)
    slow, well = annotated(got=15.0, source=15.0), annotated(got=30.0, source=30.0)
    said = [
        bottleneck.after(slow if 2.0 <= second < 3.0 or second >= 5.0 else well, second, 0.001,
                    RecorderState()).limit
        for second in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    ]  # fmt: skip
    assert said[:6] == [""] * 6
    assert said[6:] == ["the camera gives 15 of 30 fps: dim light or USB"] * 2
    assert [
        bottleneck.after(well, second, 0.001, RecorderState()).limit for second in (8.0, 9.0)
    ] == [
        "",
        "",
    ]


def test_where_nothing_was_asked_for_everything_that_comes_is_wanted():
    bottleneck = BottleneckMonitor(None, smaller_alpha=0.5)
    slow = annotated(got=15.0, source=30.0)
    said = [
        bottleneck.after(slow, float(second), 0.001, RecorderState()).limit for second in range(4)
    ]
    assert said[-1] == "the model is the limit: try --alpha 0.5"
    well = annotated(got=29.0, source=30.0)
    assert [
        bottleneck.after(well, float(second), 0.001, RecorderState()).limit for second in (4, 5)
    ][-1] == ""


def test_what_each_stage_could_do_is_told_at_once():
    rates = BottleneckMonitor(30.0).after(
        annotated(got=15.0, source=15.0), 0.0, 0.004, RecorderState(rate=90.0)
    )
    assert rates == Rates(
        pytest.approx(16.7, abs=0.1), pytest.approx(100.0), 90.0, pytest.approx(250.0), ""
    )


def test_a_map_that_is_held_says_nothing_about_the_model():
    bottleneck, looked = BottleneckMonitor(30.0), annotated(got=15.0, source=30.0)
    held = replace(looked, stats=replace(looked.stats, model_ms=0.0))
    bottleneck.after(looked, 0.0, 0.001, RecorderState())
    assert bottleneck.after(held, 0.1, 0.001, RecorderState()).model == pytest.approx(16.7, abs=0.1)


def test_without_a_screen_there_is_no_rate_of_it():
    rates = BottleneckMonitor(30.0).after(
        annotated(got=15.0, source=15.0), 0.0, None, RecorderState()
    )
    assert rates.screen is None
