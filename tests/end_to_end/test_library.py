"""The library in three calls."""

import numpy as np
import pytest
from support import ListSource, frames_of, textured, write_clip

import livecam
from livecam.errors import ModelError, SettingsError, SourceError
from livecam.settings.schema import HeatSettings


def test_a_model_is_opened_and_an_image_measured(model):
    activation = livecam.measure(model, textured(320, 240), "daisy")
    assert activation.grid.shape == (7, 7)
    assert activation.logits.shape == (6,)
    assert activation.grid.mean() + model.head.bias[0] == pytest.approx(
        activation.logits[0], abs=1e-3
    )


def test_a_class_may_be_named_or_counted(model):
    bgr = textured(64, 64)
    one, other = livecam.measure(model, bgr, "tulip"), livecam.measure(model, bgr, 4)
    assert (one.grid == other.grid).all()


@pytest.mark.parametrize(
    "bgr",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
        None,  # what cv2.imread gives of a missing file
    ],
)
def test_what_is_no_image_is_refused(model, bgr):
    with pytest.raises(ValueError, match="uint8"):
        livecam.measure(model, bgr)


def test_errors_are_of_the_documented_kinds(model):
    with pytest.raises(SettingsError):
        livecam.measure(model, textured(9, 9), "unicorn")
    with pytest.raises(SettingsError):
        livecam.open_model("imagenet", alpha=0.3)
    with pytest.raises(SettingsError):
        livecam.open_model("orchids")
    with pytest.raises(SettingsError):
        livecam.open_model("flowers", alpha=0.25)
    with pytest.raises(ModelError):
        livecam.open_model("imagenet", weights="nowhere.h5")
    with pytest.raises(SourceError):
        livecam.open_source("nowhere.mp4")


def test_a_source_is_annotated_frame_by_frame(model):
    with livecam.open_source("daisy") as source:
        annotated_frames = livecam.annotate(source, model, class_name="daisy")
        annotated = next(annotated_frames)
    assert annotated.picture.shape == annotated.frame.bgr.shape == (480, 640, 3)
    assert (annotated.picture != annotated.frame.bgr).any()
    assert annotated.stats.class_name == "daisy"


def test_the_look_can_be_chosen(model):
    source = ListSource(frames_of(1, width=320, height=240))
    (plain,) = livecam.annotate(source, model)
    (bright,) = livecam.annotate(source, model, heat=HeatSettings(view="brightness"))
    assert (plain.picture != bright.picture).any()
    assert (plain.activation.grid == bright.activation.grid).all()


def test_a_source_may_be_a_number_or_a_path(tmp_path):
    write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    with livecam.open_source(tmp_path / "clip.mp4") as source:
        assert sum(1 for _ in source) == 3
    assert livecam.open_source(0).is_live
