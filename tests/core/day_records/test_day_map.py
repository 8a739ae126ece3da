"""The mean map of a day: exact, the same after a restart, and drawn where the evidence lay."""

import json

import numpy as np
import pytest
from support import picture

from livecam.core.class_figures import ClassFigures
from livecam.core.day_records.day_map import DayMaps, day_map_lines, draw_day_map, restored_maps
from livecam.core.view import View

SIZE = (640, 360)
VIEW = View(class_index=0, class_cycle=(0,))


def figures(grid, class_name="daisy", area="square", offset_px=(0.0, 0.0)):
    grid = np.asarray(grid, np.float32)
    return ClassFigures(
        0, class_name, grid, float(grid.max()), float(grid.mean()), (0, 0), 1.0, 0.5,
        area=area, offset_px=offset_px,
    )  # fmt: skip


def random_grids(count, shape=(7, 7)):
    return np.random.default_rng(3).normal(5, 10, (count, *shape)).astype(np.float32)


def test_the_mean_is_that_of_all_looks_also_across_restarts():
    grids, maps = random_grids(50), DayMaps()
    for number, grid in enumerate(grids):
        maps.add(figures(grid, offset_px=(3.8, 6.0)), SIZE)
        if number % 7 == 0:
            maps = restored_maps(json.loads(json.dumps(maps.record())))
    (day_map,) = maps.of_frame(SIZE)
    assert day_map.looks == 50
    assert day_map.kind.offset_px == (3.8, 6.0)
    np.testing.assert_allclose(day_map.mean, grids.mean(axis=0), rtol=1e-5)


def test_each_class_and_each_way_of_looking_has_a_mean_of_its_own():
    maps = DayMaps()
    for grid in random_grids(3, (7, 12)):
        maps.add(figures(grid, area="frame"), SIZE)
    maps.add(figures(random_grids(1)[0]), SIZE)
    maps.add(figures(random_grids(1)[0], "bee"), SIZE)
    maps.add(figures(random_grids(1)[0]), (1280, 720))
    found = {each.kind.class_name: each for each in maps.of_frame(SIZE)}
    assert found["daisy"].mean.shape == (7, 12)  # it has the most looks
    assert found["bee"].looks == 1
    assert len(maps.record()) == 4


def test_the_picture_is_bright_where_the_evidence_lay():
    """A day of nothing with a few things at the right: they are seen, though the mean is low."""
    maps, grid = DayMaps(), np.zeros((7, 12), np.float32)
    grid[3, 9] = 36.0
    for number in range(100):
        maps.add(figures(grid if number < 3 else np.zeros((7, 12)), area="frame"), SIZE)
    (day_map,) = maps.of_frame(SIZE)
    before = picture(*SIZE, value=0)
    drawn = draw_day_map(before, day_map, VIEW, "2026-07-01")
    assert drawn.shape == before.shape
    assert not before.any()
    place, elsewhere = drawn[3 * 360 // 7 + 25, 9 * 640 // 12 + 25], drawn[330, 160]
    assert int(place.max()) > 100
    assert int(elsewhere.max()) < 20


def test_the_picture_says_over_what_the_mean_is_drawn():
    maps = DayMaps()
    maps.add(figures(np.full((7, 7), 2.0)), SIZE)
    (day_map,) = maps.of_frame(SIZE)
    words = [line.text for line in day_map_lines(day_map, "2026-07-01")]
    assert words == [
        "daisy, 2026-07-01", "mean of 1 look", "over the day's last picture",
        "max 2.0   mean 2.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"mean": [[float("nan")]]}, {"mean": [1.0]}, {"area": "x"}, {"looks": "many"},
               {"frame_size": [1]}, {"class": None, "mean": "x"}]
)  # fmt: skip
def test_what_is_no_map_is_refused(change):
    maps = DayMaps()
    maps.add(figures(random_grids(1)[0]), SIZE)
    (record,) = maps.record()
    with pytest.raises(ValueError, match="no maps of a day"):
        restored_maps([{**record, **change}])
    with pytest.raises(ValueError, match="no maps of a day"):
        restored_maps(3)
