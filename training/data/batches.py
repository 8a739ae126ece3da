"""Batches of augmented crops, made by one thread while the network trains; mixup."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from queue import Queue
from threading import Thread

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator
from torch import Tensor

from training.data.augmentation import (
    LEAST_AREA,
    LEAST_AREA_RENDERED,
    augment,
    paste,
    vary_negative,
)
from training.data.picture_store import Entry, Picture, PictureStore
from training.settings import CLASSES, OTHER, Mixture

PASTE_SHARE = 0.04  # of the crops with flowers
PASTE_SCALE = (0.40, 0.80)
NEGATIVES = ("photo", "clip")  # there are few of them
LEAST_AREA_NEGATIVES = 0.12
Batch = tuple[Tensor, Tensor]  # uint8 RGB [N, S, S, 3], labels int64 [N]


class CropSampler:
    """Draws training pictures of each kind as often as the mixture says."""

    def __init__(
        self, stores: list[PictureStore], mixture: Mixture, least_area: float = LEAST_AREA
    ) -> None:
        self._least_area = least_area
        self._pools: list[list[tuple[PictureStore, Entry]]] = []
        shares: list[float] = []
        for kind, share in asdict(mixture).items():
            pool = [(store, entry) for store in stores for entry in store.pick("train", kind)]
            if pool:
                self._pools.append(pool)
                shares.append(share)
        self._shares = np.array(shares) / sum(shares)

    def crop(self, rng: Generator, side_px: int) -> tuple[Picture, int]:
        """Return one augmented crop and its label."""
        picture, entry = self._any(rng)
        rendered, label = entry.kind.startswith("rendered"), entry.label
        least_area = max(LEAST_AREA_RENDERED * rendered, self._least_area)
        if entry.kind in NEGATIVES:
            picture, least_area = vary_negative(rng, picture), LEAST_AREA_NEGATIVES
        part = augment(rng, picture, side_px, least_area)
        if label != OTHER and rng.random() < PASTE_SHARE:
            part, _ = paste(rng, part, self._backdrop(rng, side_px), PASTE_SCALE)
        return part, label

    def _any(self, rng: Generator) -> tuple[Picture, Entry]:
        pool = self._pools[rng.choice(len(self._pools), p=self._shares)]
        store, entry = pool[rng.integers(len(pool))]
        return store.picture(entry), entry

    def _backdrop(self, rng: Generator, side_px: int) -> Picture:
        while True:
            picture, entry = self._any(rng)
            if entry.label == OTHER:
                return augment(rng, picture, side_px)


def batches(
    sampler: CropSampler, seed: int, shape_of: Callable[[int], tuple[int, int] | None]
) -> Iterator[Batch]:
    """Yield batches; `shape_of(step)` gives batch size and side in pixels, None ends it."""
    queue: Queue[Batch | None] = Queue(maxsize=4)

    def fill() -> None:
        cv2.setNumThreads(1)
        rng, step = np.random.default_rng(seed), 0
        while (shape := shape_of(step)) is not None:
            crops = [sampler.crop(rng, shape[1]) for _ in range(shape[0])]
            pictures = torch.from_numpy(np.stack([picture for picture, _ in crops]))
            queue.put((pictures, torch.tensor([label for _, label in crops])))
            step += 1
        queue.put(None)

    Thread(target=fill, daemon=True, name="crops").start()
    while (batch := queue.get()) is not None:
        yield batch


def mixup(pictures: Tensor, labels: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Blend a share of `[N, 3, H, W]` with others, likewise the targets `[N, classes]`."""
    targets = F.one_hot(labels, len(CLASSES)).float()
    count = int(share * len(labels))
    other = torch.randperm(len(labels))[:count]
    own_share = torch.rand(count) * 0.5 + 0.5
    pictures[:count] = torch.lerp(pictures[other], pictures[:count], own_share[:, None, None, None])
    targets[:count] = torch.lerp(targets[other], targets[:count], own_share[:, None])
    return pictures, targets
