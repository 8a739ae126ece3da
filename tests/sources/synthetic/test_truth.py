"""Pictures of the daisy scene with masks and boxes of their flowers."""

import numpy as np
import pytest

from livecam.core.bounding_box import intersection_over_union
from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render, render_head, render_labels
from livecam.sources.synthetic.scene import SceneContents, build_scene
from livecam.sources.synthetic.truth import pictures_with_truth, render_with_truth

FROM_ABOVE = Pose(0.4, 1.2, 0.5)


@pytest.fixture(scope="module")
def scene():
    """Two daisies among things that are none."""
    return build_scene(4, SceneContents(flowers=2, others=True))


def test_the_picture_is_that_of_the_scene_bit_for_bit(scene):
    truth = render_with_truth(scene, FROM_ABOVE, 320, 240)
    assert (truth.bgr == render(scene, FROM_ABOVE, 320, 240)).all()


def test_masks_of_the_flowers_are_together_what_the_labels_call_daisy(scene):
    truth = render_with_truth(scene, FROM_ABOVE, 320, 240)
    assert truth.masks.shape == (2, 240, 320)
    assert not truth.masks.all(axis=0).any()
    daisy = render_labels(scene, FROM_ABOVE, 320, 240) == ObjectLabel.DAISY
    assert (truth.masks.any(axis=0) == daisy).all()


def test_a_box_is_tight_around_its_mask(scene):
    truth = render_with_truth(scene, FROM_ABOVE, 320, 240)
    for mask, box in zip(truth.masks, truth.boxes, strict=True):
        rows, columns = np.nonzero(mask)
        assert box.xywh() == [
            columns.min(),
            rows.min(),
            np.ptp(columns) + 1,
            np.ptp(rows) + 1,
        ]
    assert intersection_over_union(*truth.boxes) < 0.1


def test_a_flower_that_is_outside_has_no_box(scene):
    nowhere = render_with_truth(scene, Pose(0.4, 1.2, 40.0), 160, 120)
    assert len(nowhere.boxes) == len(nowhere.masks) == 1


def test_a_head_is_at_least_what_is_seen_of_it(scene):
    from_the_side = Pose(0.4, 0.2, 0.5)
    truth = render_with_truth(scene, from_the_side, 320, 240)
    heads = [render_head(scene, from_the_side, 320, 240, number) for number in (1, 2)]
    for mask, head in zip(truth.masks, heads, strict=True):
        assert (mask & ~head).sum() <= 2
        assert head.sum() >= mask.sum()


def test_pictures_show_all_flowers_and_none_of_them_at_the_rim(scene):
    pictures = list(pictures_with_truth(scene, 1, count=3, size_px=(160, 120)))
    for picture in pictures:
        assert picture.bgr.shape == (120, 160, 3)
        assert len(picture.boxes) == 2
        for box in picture.boxes:
            assert min(box.left, box.top) > 0
            assert box.right < 160
            assert box.bottom < 120
    again = next(pictures_with_truth(scene, 1, count=1, size_px=(160, 120)))
    assert (again.bgr == pictures[0].bgr).all()
    assert again.boxes == pictures[0].boxes != pictures[1].boxes
