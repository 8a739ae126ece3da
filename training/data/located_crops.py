"""Crops with known locations of the daisy: rendered views, and photographs pasted onto others."""

import cv2
import numpy as np
from numpy.random import Generator

from training.data.augmentation import degrade, jitter_colours, paste, random_crop
from training.data.centred_square import SIDE_PX
from training.data.picture_store import BACKDROP_KINDS, Entry, Picture, PictureStore

GRID = 7
CELL_PX = SIDE_PX // GRID
LEAST_AREA = 0.25  # flowers get near the border, and are cut off by it
LEAST_AREA_PHOTO = 0.6
CELL_SIGMA_PX = 8.0  # around the middle of a cell
FLOWER_SIGMA_PX = 28.0  # around the middle of a flower
LEAST_WEIGHT = 0.5
PASTE_SCALE = (0.25, 0.6)
LocatedCrop = tuple[Picture, np.ndarray]  # RGB [224, 224, 3], cell weights float32 [7, 7]


class LocatedCropSampler:
    """Draws crops of daisies, each with the weights of the cells that the daisy is in."""

    def __init__(self, pictures: PictureStore, rendered: PictureStore) -> None:
        self._pictures, self._views = pictures, rendered
        self._rendered = list(rendered.pick("train"))
        self._daisies = list(pictures.pick("train", "daisy"))
        self._backdrops = list(pictures.pick("train", *BACKDROP_KINDS))

    def rendered(self, rng: Generator) -> LocatedCrop:
        """Return a crop of a rendered view, the flower anywhere in it."""
        while True:
            picture = self._views.picture(_any(rng, self._rendered))
            part = random_crop(rng, picture, SIDE_PX, LEAST_AREA)
            weights = location_weights(part[..., 3])
            if weights.max() >= LEAST_WEIGHT:
                return _as_photographed(rng, part), weights

    def pasted(self, rng: Generator) -> LocatedCrop:
        """Return a photograph of a daisy as a small picture on something else."""
        backdrop = random_crop(rng, self._picture(rng, self._backdrops), SIDE_PX, LEAST_AREA)
        photo = random_crop(rng, self._picture(rng, self._daisies), SIDE_PX, LEAST_AREA_PHOTO)
        picture, mask = paste(rng, photo, backdrop, PASTE_SCALE)
        return _as_photographed(rng, picture), location_weights(mask)

    def _picture(self, rng: Generator, entries: list[Entry]) -> Picture:
        return self._pictures.picture(_any(rng, entries))


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


def _as_photographed(rng: Generator, part: Picture) -> Picture:
    return degrade(rng, jitter_colours(rng, np.ascontiguousarray(part[..., :3])))
