"""Which part of a frame the network sees, and at how many pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.map_choices import AREAS, DETAILS
from livecam.core.network_size import LONGEST_SIDE, InputSize, Look
from livecam.core.types import CropBox

sides = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("frame", "look", "size"),
    [
        ((1280, 720), Look(), (224, 224)),
        ((1280, 720), Look(detail=2), (448, 448)),
        ((480, 640), Look(detail=3), (672, 672)),
        ((1280, 720), Look("frame"), (384, 224)),
        ((1280, 720), Look("frame", 2), (800, 448)),
        ((720, 1280), Look("frame", 2), (448, 800)),
        ((640, 480), Look("frame"), (288, 224)),
        ((500, 500), Look("frame", 2), (448, 448)),
        ((1, 1), Look("frame"), (224, 224)),
    ],
)
def test_input_size_follows_detail_and_the_shape_of_the_area(frame, look, size):
    assert look.network_size_px(*frame) == size


@given(sides, sides, st.sampled_from(AREAS), st.sampled_from(DETAILS))
def test_every_frame_gets_whole_cells_and_hardly_changes_its_shape(width, height, area, detail):
    look = Look(area, detail)
    box, size = look.box_in(width, height), look.network_size_px(width, height)
    assert min(size) == 224 * detail
    assert size[0] % 32 == size[1] % 32 == 0
    if area == "square":
        assert size[0] == size[1]
        assert box.width == box.height
    else:
        assert box == CropBox(0, 0, width, height)
        assert box.covers(width, height)
    if max(box.width, box.height) <= LONGEST_SIDE * min(box.width, box.height):
        assert 0.93 < size[0] / size[1] * box.height / box.width < 1.075


def test_a_strip_of_a_picture_stays_within_reach_of_the_memory():
    assert Look("frame").network_size_px(10_000, 3) == (LONGEST_SIDE * 224, 224)


@pytest.mark.parametrize(
    ("takes", "detail", "size"),
    [
        (InputSize(299, 8), 1, (299, 299)),
        (InputSize(240, 8), 2, (480, 480)),
        (InputSize(96, 3, is_fixed=True), 3, (96, 96)),
    ],
)
def test_other_networks_have_other_sizes(takes, detail, size):
    assert Look(detail=detail).network_size_px(640, 480, takes) == size
    if not takes.is_fixed:
        assert takes.size_of(takes.cells * detail, takes.cells * detail) == size


def test_the_shape_of_the_frame_is_kept_in_whole_cells():
    width, height = Look("frame").network_size_px(1280, 720, InputSize(240, 8))
    assert (height, width % 30) == (240, 0)
    assert Look("frame").network_size_px(1280, 720, InputSize(96, 3, is_fixed=True)) == (96, 96)
