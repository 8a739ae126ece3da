"""The mean with the picture turned by 180 degrees."""

import numpy as np
import pytest
from support import FakeModel

from livecam.core.class_activation import activation_of
from livecam.core.head import Head
from livecam.core.turned_mean import mean_of, turned, turned_back
from livecam.core.types import NetworkOutput
from livecam.pipeline.turned_inference import TurnedInference


def output(features: np.ndarray) -> NetworkOutput:
    return NetworkOutput(features.astype(np.float32), features.mean((0, 1)).astype(np.float32))


def picture(seed: int, height: int = 224) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, 224, 3), np.uint8)


class DrawsTooFarLeft:
    """A network of one channel whose evidence lies one cell too far left; keeps what it saw."""

    def __init__(self) -> None:
        self.seen = []

    def infer(self, rgb) -> NetworkOutput:
        self.seen.append(rgb)
        cells = rgb[16::32, 16::32, :1].astype(np.float32)
        return output(np.roll(cells, -1, axis=1))


def test_what_draws_too_far_left_is_in_place_in_the_mean():
    rgb = np.zeros((224, 224, 3), np.uint8)
    rgb[96:128, 96:128] = 200
    mean = TurnedInference(DrawsTooFarLeft().infer).infer(rgb)
    assert mean.is_turned_mean
    row, columns = mean.features[3, :, 0], np.arange(7)
    assert (row * columns).sum() / row.sum() == 3.0


def test_the_mean_keeps_the_logit_that_of_the_map():
    one, other = (output(np.random.default_rng(s).normal(size=(7, 7, 4))) for s in (1, 2))
    mean = mean_of(one, turned_back(other))
    assert mean.logits == pytest.approx(mean.features.mean((0, 1)), abs=1e-6)


@pytest.mark.parametrize("places", [None, (7, 7)])
def test_the_mean_keeps_the_logit_that_of_the_map_with_a_head(places):
    """Before, the logits were the mean of both; of a head that flattens this is another number."""
    numbers = np.random.default_rng(3)
    inputs = 4 if places is None else 4 * 49
    kernel, bias = (numbers.normal(size=size).astype(np.float32) for size in ((inputs, 3), 3))
    head = Head(kernel, bias, places=places)
    one, other = (
        NetworkOutput(numbers.normal(size=(7, 7, 4)).astype(np.float32), head=head) for _ in "ab"
    )
    mean = mean_of(one, turned_back(other))
    for number in range(3):
        shown = activation_of(mean, head, number)
        assert shown.grid.mean() + shown.constant == pytest.approx(mean.logits[number], abs=1e-4)


def test_turning_and_turning_back_gives_the_same_place():
    rgb = picture(0)
    model = FakeModel()
    again = turned_back(model.infer(turned(rgb)))
    assert again.features == pytest.approx(model.infer(rgb).features, abs=1)


def test_a_picture_alone_is_looked_at_twice():
    network = DrawsTooFarLeft()
    mean = TurnedInference(network.infer)
    for number in range(3):
        mean.infer(picture(number))
    assert len(network.seen) == 6


def test_live_pictures_are_looked_at_once_each_in_turns_after_the_first():
    network = DrawsTooFarLeft()
    mean = TurnedInference(network.infer, alternates=True)
    pictures = [picture(number) for number in range(4)]
    found = [mean.infer(rgb) for rgb in pictures]
    upright_or_turned = [pictures[0], turned(pictures[0]), pictures[1], turned(pictures[2]),
                         pictures[3]]  # fmt: skip
    assert all((a == b).all() for a, b in zip(network.seen, upright_or_turned, strict=True))
    alone = DrawsTooFarLeft()
    expected = mean_of(alone.infer(pictures[3]), turned_back(alone.infer(turned(pictures[2]))))
    assert (found[3].features == expected.features).all()


def test_a_live_picture_of_another_size_begins_anew():
    network = DrawsTooFarLeft()
    mean = TurnedInference(network.infer, alternates=True)
    mean.infer(picture(0))
    assert mean.infer(picture(1, height=256)).features.shape[:2] == (8, 7)
    assert len(network.seen) == 4
