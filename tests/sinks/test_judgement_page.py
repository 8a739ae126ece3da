"""The pictures on the page of `livecam judge`."""

from dataclasses import replace

import numpy as np

from livecam.core.map_scale import MapScale
from livecam.core.types import RgbImage
from livecam.pipeline.judging import placed_map
from livecam.sinks.judgement_page import JudgementPage, map_picture

GRID = np.linspace(0.0, 6.0, 49, dtype=np.float32).reshape(7, 7)


def drawn(page: JudgementPage, factor: float) -> np.ndarray:
    rgb = RgbImage(np.full((224, 224, 3), 128, np.uint8))
    placed = replace(placed_map(GRID * np.float32(factor), rgb, (0.0, 0.0)), centre=(112, 112))
    return map_picture(rgb, placed, None, page._view).astype(int)


def test_maps_of_a_network_with_a_scale_of_its_own_are_as_lively_as_those_of_36():
    usual = drawn(JudgementPage(), 6.0)  # up to 36
    foreign = drawn(JudgementPage(MapScale(6.0, gain_is_relative=True)), 1.0)
    assert np.abs(foreign - usual).max() <= 2
    as_before = drawn(JudgementPage(), 1.0)
    dark = as_before[0, 0].sum(), foreign[0, 0].sum()  # of a place that says nothing
    assert dark[0] > 1.3 * dark[1]
