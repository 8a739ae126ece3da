"""What limits the rate: one sentence, and only where something does."""

import pytest
from contract.shots import shot_of
from dataclasses import replace
from support import picture

from livecam.bottleneck import Gauge, Stages, limiting_sentence
from livecam.values import RecorderState


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
    ],
)  # fmt: skip
def test_the_sentence_names_the_slowest(stages, sentence):
    assert limiting_sentence(stages, smaller_model="try --alpha 0.5") == sentence


def test_a_sender_has_no_dim_light_and_the_smallest_model_none_that_is_smaller():
    slow = Stages(30, 10, source=10)
    assert limiting_sentence(slow, source_is_camera=False) == (
        "the sender gives 10 of 30 fps: it, or the network"
    )
    assert limiting_sentence(Stages(30, 10, 30, model=10)) == (
        "the model is the limit: close other programs"
    )


def shot(*, got, source):
    made = shot_of(picture(), 1, 0.1)
    return replace(
        made,
        frame=replace(made.frame, source_rate=source),
        stats=replace(made.stats, fps=got, latency_ms=10.0, model_ms=8.0),
    )


def test_what_lasts_is_said_and_what_passes_is_not():
    gauge = Gauge(30.0)
    slow, well = shot(got=15.0, source=15.0), shot(got=30.0, source=30.0)
    said = [
        gauge.after(slow if 2.0 <= second < 3.0 or second >= 5.0 else well, second, 0.001,
                    RecorderState())
        for second in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    ]  # fmt: skip
    assert said[:6] == [""] * 6
    assert said[6:] == ["the camera gives 15 of 30 fps: dim light or USB"] * 2
    assert [gauge.after(well, second, 0.001, RecorderState()) for second in (8.0, 9.0)] == ["", ""]


def test_where_nothing_was_asked_for_everything_that_comes_is_wanted():
    gauge = Gauge(None, smaller_model="try --alpha 0.5")
    slow = shot(got=15.0, source=30.0)
    said = [gauge.after(slow, float(second), 0.001, RecorderState()) for second in range(4)]
    assert said[-1] == "the model is the limit: try --alpha 0.5"
    well = shot(got=29.0, source=30.0)
    assert [gauge.after(well, float(second), 0.001, RecorderState()) for second in (4, 5)][-1] == ""
