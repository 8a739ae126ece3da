"""Where the network looks."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import picture, textured

from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage, CropBox

sizes = st.integers(1, 4000)


@given(sizes, sizes)
def test_the_square_is_the_largest_one_in_the_middle(width, height):
    box = centred_square(width, height)
    assert box.width == box.height == min(width, height)
    assert 0 <= box.left <= width - box.width
    assert 0 <= box.top <= height - box.width
    assert abs((width - box.width - box.left) - box.left) <= 1
    assert abs((height - box.width - box.top) - box.top) <= 1


def test_a_picture_of_the_networks_size_passes_untouched_but_for_the_colour_order():
    bgr = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    rgb = network_view(BgrImage(bgr), CropBox(0, 0, 224, 224))
    assert (rgb == bgr[:, :, ::-1]).all()
    assert rgb.flags.c_contiguous


@pytest.mark.parametrize("side", [1, 100, 224, 225, 720])
def test_the_network_sees_224_pixels_of_uint8_whatever_the_square(side):
    rgb = network_view(picture(side + 10, side), centred_square(side + 10, side))
    assert rgb.shape == (224, 224, 3)
    assert rgb.dtype == np.uint8
    assert (rgb == 90).all()


def test_shrinking_averages_so_that_fine_texture_does_not_alias():
    checks = np.zeros((448, 448, 3), np.uint8)
    checks[::2, 1::2] = checks[1::2, ::2] = 255
    assert abs(int(network_view(BgrImage(checks), CropBox(0, 0, 448, 448)).mean()) - 127) <= 1
    assert network_view(BgrImage(checks), CropBox(0, 0, 448, 448)).std() < 1


def test_the_network_sees_the_square_and_nothing_beside_it():
    bgr = picture(400, 200, value=0)
    bgr[:, :100] = bgr[:, 300:] = 255
    assert network_view(bgr, centred_square(400, 200)).max() == 0


def test_the_source_is_not_changed():
    bgr = textured(300, 200)
    before = bgr.copy()
    bgr.flags.writeable = False
    network_view(bgr, centred_square(300, 200))
    assert (bgr == before).all()
    assert cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).shape == bgr.shape


@pytest.mark.parametrize("side", [300, 420, 480, 720, 1080, 2160])
def test_two_steps_of_shrinking_see_what_one_step_of_averaging_sees(side):
    rng = np.random.default_rng(side)
    small = rng.integers(0, 256, (side // 6, side // 6, 3), np.uint8)
    bgr = BgrImage(np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)))
    exact = cv2.resize(bgr, (224, 224), interpolation=cv2.INTER_AREA)[:, :, ::-1]
    seen = network_view(bgr, CropBox(0, 0, side, side))
    assert np.abs(seen.astype(int) - exact).mean() < 4
    assert np.corrcoef(seen.ravel(), exact.ravel())[0, 1] > 0.99
