"""Batches of augmented crops, made by one thread while the network trains; mixup."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from queue import Queue
from threading import Thread
from typing import NamedTuple

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
    close_up,
    paste,
    vary_negative,
)
from training.data.hard_negatives import HardNegatives, Key
from training.data.picture_store import Entry, Picture, PictureStore
from training.settings import CLASSES, OTHER, Mixture

PASTE_SHARE = 0.14  # of the crops with flowers: small flowers, as in a whole frame
PASTE_SCALE = (0.28, 0.80)
ROUND_SHARE = 0.5
CLOSE_SHARE = 0.15  # of the crops with flowers: as at detail 2
LEAST_AREA_CLOSE = 0.25
NEGATIVES = ("photo", "clip")  # there are few of them
LEAST_AREA_NEGATIVES = 0.12


class Batch(NamedTuple):
    """Some crops, and which pictures they are of."""

    pictures: Tensor  # uint8 RGB [N, S, S, 3]
    labels: Tensor  # int64 [N]
    keys: list[Key]


class CropSampler:
    """Draws training pictures of each kind as often as the mixture says.

    With `hard`, photographs and frames of other things are drawn the more often the more they look
    like flowers to the network, from the next `set_weights` on.
    """

    def __init__(
        self,
        stores: list[PictureStore],
        mixture: Mixture,
        least_area: float = LEAST_AREA,
        hard: HardNegatives | None = None,
    ) -> None:
        self._stores, self._least_area, self._hard = stores, least_area, hard
        self._pools: list[list[tuple[int, Entry]]] = []
        self._kinds: list[str] = []
        shares: list[float] = []
        for kind, share in asdict(mixture).items():
            pool = [(i, entry) for i, s in enumerate(stores) for entry in s.pick("train", kind)]
            if pool:
                self._pools.append(pool)
                self._kinds.append(kind)
                shares.append(share)
        self._shares = np.array(shares) / sum(shares)
        self._weights: list[np.ndarray | None] = [None] * len(self._pools)

    def set_weights(self) -> None:
        """Take over what was learned about hard negatives."""
        if self._hard is not None and self._hard.scores:
            for number, kind in enumerate(self._kinds):
                if kind in NEGATIVES:
                    keys = [(i, entry.name) for i, entry in self._pools[number]]
                    self._weights[number] = self._hard.weights(keys)

    def crop(self, rng: Generator, side_px: int) -> tuple[Picture, int]:
        """Return one augmented crop and its label."""
        return self.crop_and_key(rng, side_px)[:2]

    def crop_and_key(self, rng: Generator, side_px: int) -> tuple[Picture, int, Key]:
        """Return one augmented crop, its label and the key of its picture."""
        picture, entry, key = self._any(rng)
        rendered, label = entry.kind.startswith("rendered"), entry.label
        least_area = max(LEAST_AREA_RENDERED * rendered, self._least_area)
        if entry.kind in NEGATIVES:
            picture, least_area = vary_negative(rng, picture), LEAST_AREA_NEGATIVES
        if label != OTHER and not rendered and rng.random() < CLOSE_SHARE:
            picture, least_area = close_up(picture), LEAST_AREA_CLOSE
        part = augment(rng, picture, side_px, least_area)
        if label != OTHER and rng.random() < PASTE_SHARE:
            backdrop = self._backdrop(rng, side_px)
            part, _ = paste(rng, part, backdrop, PASTE_SCALE, round_share=ROUND_SHARE)
        return part, label, key

    def _any(self, rng: Generator) -> tuple[Picture, Entry, Key]:
        which = rng.choice(len(self._pools), p=self._shares)
        pool, weights = self._pools[which], self._weights[which]
        chosen = rng.integers(len(pool)) if weights is None else rng.choice(len(pool), p=weights)
        store, entry = pool[chosen]
        return self._stores[store].picture(entry), entry, (store, entry.name)

    def _backdrop(self, rng: Generator, side_px: int) -> Picture:
        while True:
            picture, entry, _ = self._any(rng)
            if entry.label == OTHER:
                return augment(rng, picture, side_px)


ShapeOf = Callable[[int], tuple[int, int] | None]


def batches(
    sampler: CropSampler, seed: int | tuple[int, int], shape_of: ShapeOf
) -> Iterator[Batch]:
    """Yield batches; `shape_of(step)` gives batch size and side in pixels, None ends it."""
    queue: Queue[Batch | None] = Queue(maxsize=4)

    def fill() -> None:
        cv2.setNumThreads(1)
        rng, step = np.random.default_rng(seed), 0
        while (shape := shape_of(step)) is not None:
            crops = [sampler.crop_and_key(rng, shape[1]) for _ in range(shape[0])]
            pictures = torch.from_numpy(np.stack([picture for picture, _, _ in crops]))
            labels = torch.tensor([label for _, label, _ in crops])
            queue.put(Batch(pictures, labels, [key for _, _, key in crops]))
            step += 1
        queue.put(None)

    Thread(target=fill, daemon=True, name="crops").start()
    while (batch := queue.get()) is not None:
        yield batch


def batches_in_rounds(
    sampler: CropSampler, seed: int, shape_of: ShapeOf, round_steps: int
) -> Iterator[Batch]:
    """Yield batches as `batches` does; every so many steps the sampler takes over its weights.

    A round begins when all batches of the one before were trained on, so the same seed gives the
    same crops although a thread makes them ahead.
    """
    first = 0
    while shape_of(first) is not None:
        sampler.set_weights()
        yield from batches(sampler, (seed, first), _round(shape_of, first, round_steps))
        first += round_steps


def _round(shape_of: ShapeOf, first: int, steps: int) -> ShapeOf:
    return lambda ahead: shape_of(first + ahead) if ahead < steps else None


def mixup(pictures: Tensor, labels: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Blend a share of `[N, 3, H, W]` with others, likewise the targets `[N, classes]`."""
    targets = F.one_hot(labels, len(CLASSES)).float()
    count = int(share * len(labels))
    other = torch.randperm(len(labels))[:count]
    own_share = torch.rand(count) * 0.5 + 0.5
    pictures[:count] = torch.lerp(pictures[other], pictures[:count], own_share[:, None, None, None])
    targets[:count] = torch.lerp(targets[other], targets[:count], own_share[:, None])
    return pictures, targets


def note_unmixed(
    hard: HardNegatives, keys: list[Key], labels: Tensor, logits: Tensor, mixup_share: float
) -> None:
    """Note what the network says about the crops that `mixup` left whole."""
    first = int(mixup_share * len(labels))
    chances = logits[first:].detach().float().softmax(1).numpy()
    hard.note(keys[first:], labels[first:].numpy(), chances)
