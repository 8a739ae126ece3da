"""The mirror test on pictures, with a network whose offset is known."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from livecam.assembly.mirror_offsets import LEAST_PICTURES, measure_mirror_offsets
from livecam.core.network_size import MOBILENET_INPUT, Look
from livecam.core.types import Activation, NetworkOutput
from livecam.models.catalogue import flowers_spec, imagenet_spec


@dataclass
class Displaced:
    """Draws bright things too far left and up by so many pixels; sure of class 1."""

    offset_px: tuple[int, int]
    labels = ("ball", "daisy", "leaf")
    class_choices = (0, 1, 2)
    spec = flowers_spec()
    certainty: float = 9.0
    input_size = MOBILENET_INPUT

    def infer(self, rgb) -> NetworkOutput:
        right, down = self.offset_px
        moved = np.roll(rgb[:, :, 0].astype(np.float32), (-down, -right), axis=(0, 1))
        rows, columns = rgb.shape[0] // 32, rgb.shape[1] // 32
        cells = cv2.resize(
            cv2.GaussianBlur(moved, (0, 0), 24), (columns, rows), interpolation=cv2.INTER_AREA
        )
        return NetworkOutput(cells[..., np.newaxis], np.array([0, self.certainty, 0], np.float32))

    def activation(self, output: NetworkOutput, class_index: int) -> Activation:
        return Activation(output.features[..., 0], output.logits)

    def measure(self, rgb, class_index: int) -> Activation:
        return self.activation(self.infer(rgb), class_index)


def pictures(count: int) -> list[np.ndarray]:
    rng, made = np.random.default_rng(3), []
    for _ in range(count):
        bgr = np.zeros((224, 224, 3), np.uint8)
        cv2.circle(bgr, tuple(int(v) for v in rng.integers(80, 144, 2)), 30, (255,) * 3, -1)
        made.append(bgr)
    return made


@pytest.mark.parametrize("detail", [1, 2])
def test_the_offset_of_a_network_is_found(detail):
    found = measure_mirror_offsets(
        Displaced((6, 12)), pictures(LEAST_PICTURES), Look(detail=detail)
    )
    assert found.over_all.median == pytest.approx((6, 12), abs=1)
    (daisy,) = found.classes
    assert (daisy.class_name, daisy.interval.count) == ("daisy", LEAST_PICTURES)
    assert daisy.carried == flowers_spec().map_offset_of(1)
    assert daisy.down_laid.median == pytest.approx(12, abs=1)
    assert daisy.down_laid.count == LEAST_PICTURES


class DisplacedShirts(Displaced):
    """Finds the red collar of a shirt where it is above, else the shirt itself."""

    def infer(self, rgb) -> NetworkOutput:
        collar, shirt = (np.argwhere(rgb[:, :, channel])[:, 0].mean() for channel in (0, 1))
        return super().infer(rgb if collar < shirt - 10 else rgb[:, :, 1:])


def shirts(count: int) -> list[np.ndarray]:
    """Green shirts with a red collar at their upper end (the arrays are BGR)."""
    made = []
    for number in range(count):
        bgr = np.zeros((224, 224, 3), np.uint8)
        x, y = 100 + 3 * number, 130 - 2 * number
        cv2.circle(bgr, (x, y), 30, (0, 255, 0), -1)
        cv2.circle(bgr, (x, y - 36), 30, (0, 0, 255), -1)
        made.append(bgr)
    return made


def test_pictures_on_their_side_tell_the_network_from_things_with_an_upper_end():
    found = measure_mirror_offsets(DisplacedShirts((6, 12)), shirts(LEAST_PICTURES), Look())
    assert found.over_all.median[1] > 20
    assert found.over_all_laid.median == pytest.approx(12, abs=1)


class SureOfUprightOnes(Displaced):
    """Knows things only where the picture is brighter above."""

    def infer(self, rgb) -> NetworkOutput:
        output = super().infer(rgb)
        is_upright = rgb[:112].mean() > rgb[112:].mean()
        return NetworkOutput(output.features, output.logits * float(is_upright))


def test_pictures_that_are_not_recognised_on_their_side_say_nothing_of_it():
    upper = [picture for picture in pictures(30) if picture[:112].mean() > picture[112:].mean()]
    found = measure_mirror_offsets(SureOfUprightOnes((0, 0)), upper, Look())
    assert found.over_all.count == len(upper) >= LEAST_PICTURES
    assert found.over_all_laid is None
    assert found.classes[0].down_laid is None


def test_pictures_without_a_sure_class_do_not_count():
    found = measure_mirror_offsets(Displaced((0, 0), certainty=0.3), pictures(3), Look())
    assert (found.over_all, found.classes, found.pictures) == (None, (), 3)


def test_a_class_with_few_pictures_counts_over_all_only():
    found = measure_mirror_offsets(Displaced((0, 0)), pictures(3), Look())
    assert (found.over_all.count, found.classes) == (3, ())


def test_both_models_carry_an_offset_and_some_classes_of_imagenet_their_own():
    imagenet, flowers = imagenet_spec(0.75), flowers_spec()
    assert imagenet.map_offset_px == (4.4, 7.9)
    assert imagenet.map_offset_of(985) == (4.4, 9.0)
    assert imagenet.map_offset_of(imagenet.labels.index_of("lemon")) != imagenet.map_offset_px
    assert imagenet_spec(0.25).map_offset_px == imagenet.map_offset_px
    assert all(flowers.map_offset_of(index) == (0.2, 0.1) for index in range(5))
