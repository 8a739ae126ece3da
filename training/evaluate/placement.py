"""Where the maps of all five flowers lie: small flowers pasted onto other things.

`place_of` alone says how a map becomes a point.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from training.data.augmentation import paste
from training.data.centred_square import centred_square
from training.data.located_crops import CELL_PX, FLOWERS, centre_of
from training.data.picture_store import BACKDROP_KINDS, Picture, PictureStore
from training.network.keras_mobilenet import KerasMobileNet
from training.settings import Settings, Split

SMALL_SCALE = (0.25, 0.5)


class SmallFlower(NamedTuple):
    """A photograph of a flower as a small picture on another thing."""

    picture: Picture
    label: int
    centre: tuple[float, float]  # row, column in cells
    radius: float  # in cells
    mask: np.ndarray


def placement_figures(
    network: KerasMobileNet, store: PictureStore, settings: Settings, split: Split
) -> dict[str, Any]:
    """Small flowers of each kind."""
    plan = settings.evaluation
    return {
        "small_flowers": {
            kind: small_flower_figures(
                network, list(small_flowers(store, split, label, plan.small_per_kind))
            )
            for label, kind in enumerate(FLOWERS)
        },
    }


def small_flowers(
    store: PictureStore, split: Split, label: int, count: int
) -> Iterator[SmallFlower]:
    """Paste photographs of one kind, small, onto other things of the same split; half are round."""
    rng = np.random.default_rng((18, label))
    photos, backdrops = list(store.pick(split, FLOWERS[label])), _backdrops(store, split)
    for number in range(count):
        photo = centred_square(store.picture(photos[number % len(photos)]))
        backdrop = centred_square(store.picture(backdrops[rng.integers(len(backdrops))]))
        picture, mask = paste(rng, photo, backdrop, SMALL_SCALE, round_share=0.5)
        columns = np.flatnonzero(mask.max(0) > 127)
        radius = (columns[-1] - columns[0] + 1) / 2.0 / CELL_PX
        yield SmallFlower(picture, label, centre_of(mask), radius, mask)


def small_flower_figures(network: KerasMobileNet, flowers: list[SmallFlower]) -> dict[str, float]:
    """How often the own map's peak is within half a radius of the flower's middle."""
    predictions = network.predict([flower.picture for flower in flowers])
    label = flowers[0].label
    grids = predictions.maps[:, label]
    centres = np.array([flower.centre for flower in flowers])
    radii = np.array([flower.radius for flower in flowers])
    off = np.array([place_of(grid) for grid in grids]) - centres
    distances = np.hypot(*off.T)
    return {
        "pictures": len(flowers),
        "within_half_a_radius": float(np.mean(distances <= radii / 2.0)),
        "within_the_flower": float(np.mean(distances <= radii)),
        "off_down_px": float(off[:, 0].mean() * CELL_PX),
        "off_right_px": float(off[:, 1].mean() * CELL_PX),
        "called_so": float(np.mean(predictions.logits.argmax(1) == label)),
        "peak_median": float(np.median(grids.max((1, 2)))),
    }


def place_of(grid: np.ndarray) -> tuple[float, float]:
    """Return row and column of the peak, between cells: the top of a parabola along each axis."""
    row, column = (int(v) for v in np.unravel_index(grid.argmax(), grid.shape))
    return row + _top(grid[:, column], row), column + _top(grid[row], column)


def _top(line: np.ndarray, at: int) -> float:
    """Return how far from the highest of the cells the top of the parabola through it lies."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(v) for v in line[at - 1 : at + 2])
    bend = before - 2.0 * here + after
    return 0.5 * (before - after) / bend if bend < 0.0 else 0.0


def _backdrops(store: PictureStore, split: Split) -> list[Any]:
    return list(store.pick(split, *BACKDROP_KINDS)) or list(store.pick("train", *BACKDROP_KINDS))
