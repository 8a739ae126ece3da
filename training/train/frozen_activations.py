"""Activations of the frozen lower blocks for many crops, computed once and kept in a file."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor

from training.data.batches import CropSampler
from training.data.build_stores import open_stores
from training.data.centred_square import SIDE_PX
from training.data.hard_negatives import HardNegatives
from training.data.located_crops import FLOWERS, GRID, LocatedCrop, LocatedCropSampler
from training.data.picture_store import Picture, PictureStore
from training.network.bfloat16 import autocast
from training.network.mobilenet import MobileNet, network_input
from training.output_files import PICTURES, RENDERED_MASKED
from training.settings import OTHER, LocalisationSettings, Settings
from training.train.mined_negatives import mined_negatives
from training.train.second_teacher import SecondTeacher

BATCH = 32
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class FrozenActivations:
    """Outputs of the frozen blocks for many crops, and what is known about the crops."""

    activations: Tensor  # bfloat16 [N, C, 14, 14]
    labels: Tensor  # int64 [N]
    locations: Tensor  # float32 [N, 7, 7], weights of the flower's cells; all 0 where not known
    centres: Tensor  # float32 [N, 2], row and column in cells; NaN where not known
    maps: Tensor  # float32 [N, classes, 7, 7], of the network before this training
    taught: Tensor  # float32 [N, classes], the second teacher's probabilities; all 0 without one

    def batch(self, which: Tensor) -> "FrozenActivations":
        """Return the crops of these numbers."""
        return FrozenActivations(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class MirroredActivations:
    """The same for pairs of a picture and itself mirrored."""

    pairs: Tensor  # bfloat16 [N, 2, C, 14, 14]
    labels: Tensor  # int64 [N]
    axes: Tensor  # bool [N, 2]: mirrored top to bottom, left to right

    def batch(self, which: Tensor) -> "MirroredActivations":
        """Return the pairs of these numbers."""
        return MirroredActivations(*(getattr(self, field.name)[which] for field in fields(self)))


class _Pair(NamedTuple):
    pictures: tuple[Picture, Picture]
    label: int
    axes: tuple[int, int]


def stored_activations(
    network: MobileNet, path: Path, settings: Settings, plan: LocalisationSettings
) -> tuple[FrozenActivations, MirroredActivations]:
    """Return the activations of the plan's crops, from the file if it is there."""
    if not path.exists():
        out, seed = path.parent, settings.seed + plan.seed_offset
        hard = mined_negatives(network, out, settings) if plan.mined else None
        crops = _crops(out, plan, seed + 1, hard)
        single = _single(network, crops, plan)
        paired = _paired(network, _pairs(out, plan, seed + 2), plan.frozen_until)
        torch.save([_parts_of(single), _parts_of(paired)], path)
    single_parts, paired_parts = torch.load(path, weights_only=True, mmap=True)
    return FrozenActivations(*single_parts), MirroredActivations(*paired_parts)


def _parts_of(one: FrozenActivations | MirroredActivations) -> list[Tensor]:
    return [getattr(one, field.name) for field in fields(one)]


def _located(out: Path) -> LocatedCropSampler:
    return LocatedCropSampler(PictureStore(out / PICTURES), PictureStore(out / RENDERED_MASKED))


def _crops(
    out: Path, plan: LocalisationSettings, seed: int, hard: HardNegatives | None
) -> Iterator[LocatedCrop]:
    cv2.setNumThreads(1)
    rng, located = np.random.default_rng(seed), _located(out)
    sampler = CropSampler(open_stores(out), plan.mixture, hard=hard)
    sampler.set_weights()
    unknown = np.zeros((GRID, GRID), np.float32)
    for _ in range(plan.ordinary_crops):
        picture, label, (_, name) = sampler.crop_and_key(rng, SIDE_PX)
        yield LocatedCrop(picture, label, unknown, name=name)
    for _ in range(plan.rendered_crops):
        yield located.rendered(rng)
    for number in range(plan.pasted_crops):
        yield located.pasted(rng, number % len(FLOWERS))


def _pairs(out: Path, plan: LocalisationSettings, seed: int) -> Iterator[_Pair]:
    rng, located = np.random.default_rng(seed), _located(out)
    for number in range(plan.mirrored_pairs):
        label = number % OTHER
        picture, mirrored, axes = located.mirrored(rng, label)
        yield _Pair((picture, mirrored), label, axes)


@torch.no_grad()
def _single(
    network: MobileNet, crops: Iterator[LocatedCrop], plan: LocalisationSettings
) -> FrozenActivations:
    parts, second, layer = [], SecondTeacher(plan.second_teacher), plan.frozen_until
    for batch in _in_batches(crops, BATCH):
        inputs = network_input(torch.from_numpy(np.stack([crop.picture for crop in batch])))
        activations = _lower(network, inputs, layer)
        second.see(inputs, [crop.name for crop in batch])
        maps = network.maps(network.between(activations.float(), layer, network.order[-1]))
        labels = torch.tensor([crop.label for crop in batch])
        locations = torch.from_numpy(np.stack([crop.weights for crop in batch]))
        centres = torch.tensor([crop.centre for crop in batch], dtype=torch.float32)
        parts.append((activations, labels, locations, centres, maps))
    columns = [torch.cat(column) for column in zip(*parts, strict=True)]
    return FrozenActivations(*columns, second.answers(columns[1]))


@torch.no_grad()
def _paired(network: MobileNet, pairs: Iterator[_Pair], layer: str) -> MirroredActivations:
    parts = []
    for batch in _in_batches(pairs, BATCH // 2):
        pictures = np.stack([picture for pair in batch for picture in pair.pictures])
        both = _lower(network, network_input(torch.from_numpy(pictures)), layer)
        labels = torch.tensor([pair.label for pair in batch])
        axes = torch.tensor([pair.axes for pair in batch], dtype=torch.bool)
        parts.append((both.unflatten(0, (len(batch), 2)), labels, axes))
    return MirroredActivations(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _lower(network: MobileNet, inputs: Tensor, layer: str) -> Tensor:
    with autocast():
        return network.between(inputs, None, layer).bfloat16()


def _in_batches(items: Iterator[Item], count: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, count)):
        yield batch
