"""What the localisation training asks of the maps; torch is installed for the training only."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.settings import ACT_MAX, OTHER
from training.train import localisation_loss as loss
from training.train.map_scale import equal_heights, own_heights

ROWS, COLUMNS = torch.meshgrid(torch.arange(7.0), torch.arange(7.0), indexing="ij")


def bumps(*places, height=ACT_MAX):
    return torch.stack([height - 3.0 * ((ROWS - r) ** 2 + (COLUMNS - c) ** 2) for r, c in places])


def test_the_place_of_a_map_is_found_between_cells():
    np.testing.assert_allclose(loss.places(bumps((3, 3), (2.5, 4.0))), [[3, 3], [2.5, 4]], atol=0.1)


def test_only_known_places_count():
    own, nan = bumps((3, 3), (1, 1)), float("nan")
    assert loss.place_loss(own, torch.tensor([[3.0, 3.0], [nan, nan]])) < 1e-3
    assert loss.place_loss(own, torch.tensor([[1.0, 3.0], [nan, nan]])) > 0.5
    assert loss.place_loss(own, torch.full((2, 2), nan)) == 0


@pytest.mark.parametrize("axes", [(False, True), (True, False), (True, True)])
def test_a_map_in_place_is_mirrored_on_the_mirrored_picture(axes):
    row, column = 2.0, 4.0
    there = (6 - row if axes[0] else row, 6 - column if axes[1] else column)
    mark = torch.tensor([axes])
    assert loss.mirror_loss(bumps((row, column)), bumps(there), mark) < 1e-6
    shifted = (there[0] + 1.0, there[1] + 1.0)
    assert loss.mirror_loss(bumps((row, column)), bumps(shifted), mark) > 0.5


def test_each_kind_of_flower_is_to_peak_at_the_same_height():
    labels = torch.tensor([0, 0, 0, 1])
    at_height, dim = bumps((3, 3)), bumps((3, 3), height=ACT_MAX - 20)
    assert loss.height_loss(torch.cat([at_height] * 4), labels) == 0
    one_kind_dim = loss.height_loss(torch.cat([at_height] * 3 + [dim]), labels)
    one_picture_dim = loss.height_loss(torch.cat([at_height] * 2 + [dim, at_height]), labels)
    assert one_kind_dim == pytest.approx(3 * one_picture_dim.item(), rel=1e-5)


def test_other_things_are_to_stay_dim():
    labels = torch.tensor([OTHER])
    bright, dark = torch.full((1, 6, 7, 7), 36.0), torch.full((1, 6, 7, 7), -10.0)
    assert loss.dim_loss(bright, labels, 12.0) > 4
    assert loss.dim_loss(dark, labels, 12.0) < 0.1
    assert loss.dim_loss(bright, torch.tensor([0]), 12.0) == 0


def test_a_common_map_gives_all_flowers_one_height_and_changes_no_margin():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(6), 40)
    maps = rng.normal(0, 3, (len(labels), 6, 7, 7))
    for label, height in enumerate((35, 16, 10, 11, 9)):
        maps[labels == label, label] += height
    evidence = maps[:, :OTHER] - maps[:, OTHER:]
    common = equal_heights(maps, labels, decay=1e-4)
    np.testing.assert_allclose(own_heights(maps, evidence, labels, common), ACT_MAX, atol=1.0)
