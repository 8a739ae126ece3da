"""The library on pictures of any kind: measured one by one and in batches, and annotated."""

import cv2
import numpy as np
import pytest
from PIL import Image
from support import ListSource, textured, write_clip

import livecam
from livecam.models.catalogue import FLOWERS_TEMPERATURE
from livecam.core.types import Frame, Waiting
from livecam.errors import SourceError


def rgb_of(bgr):
    return bgr[..., ::-1]


def test_softmax_and_the_five_best_come_with_the_map(model, bgr):
    measured = livecam.measure(model, bgr, "daisy")
    powers = np.exp((measured.logits.astype(float) - measured.logits.max()) / FLOWERS_TEMPERATURE)
    assert np.allclose(measured.probabilities, powers / powers.sum())
    assert measured.probability == measured.probabilities[0]
    assert [index for index, *_ in measured.top] == [
        index for index in np.argsort(-measured.probabilities) if index != 5
    ]
    assert (measured.maximum, measured.mean) == (measured.grid.max(), measured.grid.mean())
    assert measured.grid[measured.peak] == measured.grid.max()
    assert measured.logit == measured.logits[0]


def test_area_and_detail_give_larger_maps_of_more_of_the_picture(model, bgr):
    measured = livecam.measure(model, bgr, area="frame", detail=2)
    assert measured.grid.shape == (14, 19)
    row, column = measured.window
    mean = measured.grid[row : row + 7, column : column + 7].mean()
    assert mean + model.head.bias[0] == pytest.approx(measured.logit, abs=1e-4)
    assert measured.logit == measured.logits[0]
    assert measured.probability == measured.probabilities[0]
    of_five_best = {index: probability for index, _, probability in measured.top}
    assert of_five_best[0] == measured.probability
    assert livecam.measure(model, bgr, detail=3).grid.shape == (21, 21)
    (annotated,) = livecam.annotate(bgr, model, area="frame")
    assert annotated.activation.grid.shape == (7, 9)
    assert annotated.box.covers(320, 240)


def test_a_picture_gives_the_same_as_array_image_path_and_frame(model, bgr, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), bgr)
    expected = livecam.measure(model, bgr).logits
    for same in (
        Image.fromarray(rgb_of(bgr)),
        Image.fromarray(rgb_of(bgr)).convert("RGBA"),
        str(tmp_path / "a.png"),
        tmp_path / "a.png",
        Frame(bgr, 0, 0.0),
    ):
        assert (livecam.measure(model, same).logits == expected).all()
    assert (livecam.measure(model, rgb_of(bgr), channels="rgb").logits == expected).all()
    assert (livecam.measure(model, rgb_of(bgr)).logits != expected).any()


def test_a_batch_is_a_list_in_its_order(model, bgr):
    pictures = [textured(64, 48, seed) for seed in range(3)]
    one_by_one = [livecam.measure(model, picture).logits for picture in pictures]
    for batch in (pictures, tuple(pictures), iter(pictures), np.stack(pictures)):
        measured = livecam.measure(model, batch)
        assert isinstance(measured, list)
        assert all((m.logits == e).all() for m, e in zip(measured, one_by_one, strict=True))
    frames = [Waiting(0.0), Frame(pictures[0], 0, 0.0)]
    assert len(livecam.measure(model, frames)) == 1
    assert livecam.measure(model, []) == []


def test_several_classes_and_the_features_come_of_one_pass(model, bgr):
    calls = []
    counting = livecam.open_model("flowers")
    object.__setattr__(counting, "runtime", _Counting(counting.runtime, calls))
    measured = livecam.measure(counting, bgr, ["tulip", "daisy", 2], features=True)
    assert len(calls) == 1
    assert list(measured.classes) == ["tulip", "daisy", "rose"]
    assert measured.class_name == "tulip"
    for name, figures in measured.classes.items():
        alone = livecam.measure(model, bgr, name)
        assert (figures.grid == alone.grid).all()
        assert figures.probability == alone.probability
    kernel = model.head.kernel[:, 4]
    assert np.allclose(measured.features @ kernel, measured.grid)
    assert livecam.measure(model, bgr).features is None


class _Counting:
    def __init__(self, runtime, calls):
        self.runtime, self.calls = runtime, calls

    def infer(self, rgb):
        self.calls.append(rgb)
        return self.runtime.infer(rgb)


def test_numbers_of_numpy_are_indices_as_well(model, bgr):
    assert livecam.measure(model, bgr, np.int64(4)).class_name == "tulip"


def test_several_classes_may_be_any_iterable(model, bgr):
    for names in (("tulip", 2), np.array([4, 2]), {"tulip": 1, "rose": 2}, iter(["tulip", "rose"])):
        assert list(livecam.measure(model, bgr, names).classes) == ["tulip", "rose"]


def test_arrays_in_rgb_are_annotated(model, bgr):
    (expected,) = livecam.annotate(bgr, model)
    for given in (rgb_of(bgr), [rgb_of(bgr)], iter([rgb_of(bgr)])):
        (annotated,) = livecam.annotate(given, model, channels="rgb")
        assert (annotated.frame.bgr == bgr).all()
        assert (annotated.activation.logits == expected.activation.logits).all()
    for call in (livecam.annotate, livecam.measure):
        with pytest.raises(ValueError, match="channels must be"):
            call(*((bgr, model) if call is livecam.annotate else (model, bgr)), channels="RGB")


def test_pictures_are_annotated_and_never_in_silence(model, bgr, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), bgr)
    given = [bgr, Image.fromarray(rgb_of(bgr)), tmp_path / "a.png"]
    annotated = list(livecam.annotate(given, model))
    assert len(annotated) == 3
    assert all((a.activation.logits == annotated[0].activation.logits).all() for a in annotated)
    assert [a.frame.index for a in annotated] == [0, 1, 2]
    assert annotated[2].frame.name == str(tmp_path / "a.png")
    assert not annotated[0].frame.bgr.flags.writeable
    assert bgr.flags.writeable
    assert len(list(livecam.annotate(bgr, model))) == 1
    with pytest.raises(TypeError, match="picture 0"):
        next(livecam.annotate([7], model))


def test_an_address_is_opened_by_itself(model, tmp_path):
    write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    for address in (tmp_path / "clip.mp4", str(tmp_path / "clip.mp4")):
        assert len(list(livecam.annotate(address, model))) == 3
    with pytest.raises(SourceError, match=r"nowhere\.mp4"):
        livecam.annotate("nowhere.mp4", model)
    assert len(list(livecam.annotate(ListSource([Frame(textured(9, 9), 0, 0.0)]), model))) == 1
