"""Crops of which it is known where the daisy is: rendered, or photographs laid onto others."""

import cv2
import numpy as np
from numpy.random import Generator

from training.data.augmentation import random_part, recoloured, spoilt
from training.data.centred_square import SIDE_PX
from training.data.picture_store import Entry, Picture, Store

GRID = 7
CELL_PX = SIDE_PX // GRID
LEAST_AREA_BLOOM = 0.25  # flowers get near the border, and are cut off by it
LEAST_AREA_PHOTO = 0.6
MIDDLE_SIGMA_PX = 8.0  # what counts as the middle of a place
BLOOM_SIGMA_PX = 28.0  # what counts as the middle of a flower
LEAST_WEIGHT = 0.5
Placed = tuple[Picture, np.ndarray]  # RGB [224, 224, 3], weights float32 [7, 7], 1 on the flower


class Placer:
    """Draws crops with the places of their daisies."""

    def __init__(self, pictures: Store, blooms: Store) -> None:
        self._pictures, self._blooms = pictures, blooms
        self._rendered = list(blooms.pick("train"))
        self._daisies = list(pictures.pick("train", "daisy"))
        self._backdrops = list(pictures.pick("train", "photo", "clip", "synthetic"))

    def bloom(self, rng: Generator) -> Placed:
        """Return a part of a rendered view, the flower anywhere in it."""
        while True:
            picture = self._blooms.picture(_any(rng, self._rendered))
            part = random_part(rng, picture, SIDE_PX, LEAST_AREA_BLOOM)
            weights = place_weights(part[..., 3])
            if weights.max() >= LEAST_WEIGHT:
                return _in_other_light(rng, part), weights

    def inset(self, rng: Generator) -> Placed:
        """Return a photograph of a daisy as a small picture on something else."""
        whole = random_part(rng, self._picture(rng, self._backdrops), SIDE_PX, LEAST_AREA_BLOOM)
        photo = random_part(rng, self._picture(rng, self._daisies), SIDE_PX, LEAST_AREA_PHOTO)
        whole, covered = laid_onto(rng, photo, whole)
        return _in_other_light(rng, np.dstack([whole, covered])), place_weights(covered)

    def _picture(self, rng: Generator, entries: list[Entry]) -> Picture:
        return self._pictures.picture(_any(rng, entries))


def laid_onto(rng: Generator, photo: Picture, whole: Picture) -> tuple[Picture, np.ndarray]:
    """Lay the photo, made smaller, anywhere onto another picture; return it and what it covers."""
    small_px = int(rng.uniform(0.25, 0.6) * SIDE_PX)
    left, top = (int(v) for v in rng.integers(0, SIDE_PX - small_px + 1, 2))
    small = cv2.resize(photo, (small_px, small_px), interpolation=cv2.INTER_AREA)
    there = np.s_[top : top + small_px, left : left + small_px]
    laid, covered = whole.copy(), np.zeros(whole.shape[:2], np.uint8)
    laid[there], covered[there] = small, 255
    return laid, covered


def place_weights(flower: np.ndarray) -> np.ndarray:
    """Return float32 `[7, 7]`: how much of the flower, 0..255, is around the middle of each place.

    Of equally covered places those nearer to the middle of a flower weigh more; the best weighs 1.
    """
    cover = flower.astype(np.float32) / 255.0
    middles = np.s_[CELL_PX // 2 :: CELL_PX, CELL_PX // 2 :: CELL_PX]
    here = cv2.GaussianBlur(cover, (0, 0), MIDDLE_SIGMA_PX)[middles]
    around = cv2.GaussianBlur(cover, (0, 0), BLOOM_SIGMA_PX)[middles]
    weights = here * around
    return np.asarray(here * (weights / max(float(weights.max()), 1e-6)), np.float32)


def _any(rng: Generator, entries: list[Entry]) -> Entry:
    return entries[rng.integers(len(entries))]


def _in_other_light(rng: Generator, part: Picture) -> Picture:
    return spoilt(rng, recoloured(rng, np.ascontiguousarray(part[..., :3])))
