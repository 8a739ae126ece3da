"""Crops with known locations of the flower, and pictures beside their mirrored selves.

Rendered views have masks; photographs of all five flowers are pasted onto other pictures. Of a
whole photograph the place of the flower is not known, but in the mirrored one it is mirrored.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator

from training.data.augmentation import as_photographed, jitter_colours, paste, random_crop
from training.data.centred_square import SIDE_PX
from training.data.picture_store import BACKDROP_KINDS, Entry, Picture, PictureStore
from training.settings import CLASSES, DAISY, OTHER

GRID = 7
CELL_PX = SIDE_PX // GRID
LEAST_AREA = 0.25  # flowers get near the border, and are cut off by it
LEAST_AREA_PHOTO = 0.6
CELL_SIGMA_PX = 8.0  # around the middle of a cell
FLOWER_SIGMA_PX = 28.0  # around the middle of a flower
LEAST_WEIGHT = 0.5
MIRRORINGS = ((0, 1), (0, 1), (1, 0), (1, 1))  # flowers mostly stand upright
PASTED_MIRRORED_SHARE = 0.3
PASTE_SCALE = (0.18, 0.6)
ROUND_SHARE = 0.5
FLOWERS = CLASSES[:OTHER]
NOWHERE = (math.nan, math.nan)


class LocatedCrop(NamedTuple):
    """A crop of 224 x 224 and what is known about where its flower is.

    `weights` float32 `[7, 7]` are those of the cells that the flower is in, all 0 where that is not
    known; `centre` is the flower's middle, row and column in cells, not a number where there are
    several flowers or none is known.
    """

    picture: Picture
    label: int
    weights: np.ndarray
    centre: tuple[float, float] = NOWHERE
    name: str = ""  # of the picture that the flower, or the other thing, is of


class LocatedCropSampler:
    """Draws crops of all five flowers, each with the weights of the cells that the flower is in."""

    def __init__(self, pictures: PictureStore, rendered: PictureStore) -> None:
        self._pictures, self._views = pictures, rendered
        self._rendered = list(rendered.pick("train"))
        self._flowers = [list(pictures.pick("train", kind)) for kind in FLOWERS]
        self._backdrops = list(pictures.pick("train", *BACKDROP_KINDS))

    def rendered(self, rng: Generator) -> LocatedCrop:
        """Return a crop of a rendered view with daisies, the flower anywhere in it."""
        while True:
            entry = _any(rng, self._rendered)
            picture = self._views.picture(entry)
            part = random_crop(rng, picture, SIDE_PX, LEAST_AREA)
            weights = location_weights(part[..., 3])
            if weights.max() >= LEAST_WEIGHT:
                part = as_photographed(rng, part[..., :3])
                return LocatedCrop(part, DAISY, weights, name=entry.name)

    def pasted(self, rng: Generator, label: int) -> LocatedCrop:
        """Return a photograph of a flower of this class as a small picture on something else."""
        backdrop = random_crop(rng, self._picture(rng, self._backdrops), SIDE_PX, LEAST_AREA)
        entry = _any(rng, self._flowers[label])
        photo = self._whole(rng, entry)
        picture, mask = paste(rng, photo, backdrop, PASTE_SCALE, round_share=ROUND_SHARE)
        weights, centre = location_weights(mask), centre_of(mask)
        return LocatedCrop(as_photographed(rng, picture), label, weights, centre, entry.name)

    def mirrored(self, rng: Generator, label: int) -> tuple[Picture, Picture, tuple[int, int]]:
        """Return a picture of a flower, the same mirrored, and along which axes (rows, columns)."""
        axes = MIRRORINGS[rng.integers(len(MIRRORINGS))]
        if rng.random() < PASTED_MIRRORED_SHARE:
            picture = self.pasted(rng, label).picture
        else:
            picture = jitter_colours(rng, self._whole(rng, _any(rng, self._flowers[label])))
        return picture, mirrored(picture, axes), axes

    def _whole(self, rng: Generator, entry: Entry) -> Picture:
        return random_crop(rng, self._pictures.picture(entry), SIDE_PX, LEAST_AREA_PHOTO)

    def _picture(self, rng: Generator, entries: list[Entry]) -> Picture:
        return self._pictures.picture(_any(rng, entries))


def mirrored(picture: Picture, axes: tuple[int, int]) -> Picture:
    """Return the picture mirrored top to bottom and left to right, where `axes` is 1."""
    picture = picture[::-1] if axes[0] else picture
    return np.ascontiguousarray(picture[:, ::-1] if axes[1] else picture)


def centre_of(mask: np.ndarray) -> tuple[float, float]:
    """Return the middle of a mask, row and column in cells: (0, 0) is the first cell's middle."""
    rows, columns = np.nonzero(mask > mask.max() // 2)
    return (rows.mean() + 0.5) / CELL_PX - 0.5, (columns.mean() + 0.5) / CELL_PX - 0.5


def location_weights(flower: np.ndarray) -> np.ndarray:
    """Return float32 `[7, 7]`: how much of the flower, 0..255, is around the middle of each cell.

    Of equally covered cells those nearer to the middle of a flower weigh more; the best weighs 1.
    """
    cover = flower.astype(np.float32) / 255.0
    middles = np.s_[CELL_PX // 2 :: CELL_PX, CELL_PX // 2 :: CELL_PX]
    here = cv2.GaussianBlur(cover, (0, 0), CELL_SIGMA_PX)[middles]
    around = cv2.GaussianBlur(cover, (0, 0), FLOWER_SIGMA_PX)[middles]
    weights = here * around
    return np.asarray(here * (weights / max(float(weights.max()), 1e-6)), np.float32)


def _any(rng: Generator, entries: list[Entry]) -> Entry:
    return entries[rng.integers(len(entries))]
