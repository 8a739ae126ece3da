"""Maps on pictures of an archive are drawn at the scale of the network that gave them."""

import numpy as np
import pytest
from support import picture

from livecam.core.archive.found_moment import ArchivedLook
from livecam.core.archive.map_of_look import with_map
from livecam.core.map_scale import USUAL_SCALE, MapScale, scale_of_record, scale_record

GRID = np.linspace(-9.0, 36.0, 49, dtype=np.float32).reshape(7, 7)
BGR = picture(224, 224)


def look_of(grid):
    return ArchivedLook(0, 0.0, None, "rose", {}, None, (224, 224), grid)


def drawn(grid, scale):
    return with_map(BGR, look_of(grid), "square", scale).astype(int)


@pytest.mark.parametrize("act_max", [0.5, 6.0, 400.0])
def test_a_map_of_another_scale_is_drawn_as_one_of_36_is(act_max):
    usual = drawn(GRID, USUAL_SCALE)
    factor = np.float32(act_max / 36.0)
    found = drawn(GRID * factor, MapScale(act_max, gain_is_relative=True))
    np.testing.assert_allclose(found, usual, atol=2)
    flat = drawn(GRID * factor, USUAL_SCALE)
    assert np.abs(flat - usual).mean() > 5


def test_where_the_scale_was_not_measured_the_maps_own_maximum_is_bright():
    found = drawn(GRID / 6, MapScale(None, gain_is_relative=True))
    np.testing.assert_allclose(found, drawn(GRID, USUAL_SCALE), atol=2)


@pytest.mark.parametrize("scale", [USUAL_SCALE, MapScale(6.5, True), MapScale(None, True)])
def test_metadata_keep_the_scale(scale):
    assert scale_of_record(scale_record(scale)) == scale


@pytest.mark.parametrize("record", [None, "36", 7])
def test_archives_without_a_scale_are_drawn_as_before(record):
    assert scale_of_record(record) == USUAL_SCALE
