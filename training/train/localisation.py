"""Localisation training of the last blocks: moves the peak of the daisy map onto the daisy.

The lower blocks are frozen, so each crop passes them only once; their activations are stored, and
the blocks above are trained on those at little cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.data.batches import CropSampler
from training.data.build_stores import open_stores
from training.data.centred_square import SIDE_PX
from training.data.located_crops import GRID, LocatedCropSampler
from training.data.picture_store import Picture, PictureStore
from training.network.mobilenet import (
    MobileNet,
    centred_maps,
    flower_evidence,
    load_mobilenet,
    network_input,
)
from training.output_files import (
    FROZEN_ACTIVATIONS,
    LOCALISED,
    PICTURES,
    RENDERED_MASKED,
    STUDENT,
)
from training.settings import DAISY, LocalisationSettings, Settings
from training.train.batch_statistics import recompute_batch_statistics
from training.train.head_calibration import fit_head
from training.train.schedule import rate_at
from training.train.training_log import TrainingLog
from training.train.weight_average import WeightAverage

HIT_WIDTH, SPREAD_WIDTH = 3.0, 10.0  # so much more activation makes a cell e times likelier
BATCH = 32
Crop = tuple[Picture, int, np.ndarray]  # RGB, label, location weights (all 0: not known)


@dataclass(frozen=True, slots=True, eq=False)
class FrozenActivations:
    """Outputs of the frozen blocks for many crops, and what is known about the crops."""

    activations: Tensor  # bfloat16 [N, C, 14, 14]
    labels: Tensor  # int64 [N]
    locations: Tensor  # float32 [N, 7, 7], weights of the daisy's cells; all 0 where not known
    maps: Tensor  # float32 [N, classes, 7, 7], of the network before this training

    def batch(self, which: Tensor) -> "FrozenActivations":
        """Return the crops of these numbers."""
        return FrozenActivations(*(getattr(self, field.name)[which] for field in fields(self)))


def train_localisation(out: Path, settings: Settings) -> Path:
    """Train the student's last blocks; return the file of the weights."""
    torch.manual_seed(settings.seed + 3)
    plan, log = settings.localisation, TrainingLog(out / "localisation.log", every=100)
    network, common = _start(out, settings)
    frozen = _stored_activations(network, out, settings)
    log.write(f"{len(frozen.labels)} crops")
    average = _train(network, frozen, plan, log, common=common)
    torch.save(average.network.state_dict(), out / LOCALISED)
    log.write("finished")
    return out / LOCALISED


def _stored_activations(network: MobileNet, out: Path, settings: Settings) -> FrozenActivations:
    path = out / FROZEN_ACTIVATIONS
    if not path.exists():
        layer = settings.localisation.frozen_until
        frozen = _frozen_activations(network, _crops(out, settings), layer)
        torch.save(tuple(getattr(frozen, field.name) for field in fields(frozen)), path)
    return FrozenActivations(*torch.load(path, weights_only=True))


def _start(out: Path, settings: Settings) -> tuple[MobileNet, float]:
    """Return the student with a head as it would be shipped, and how the head was changed."""
    network = load_mobilenet(out / STUDENT, settings.student.alpha)
    recompute_batch_statistics(network, out, settings)
    return network, fit_head(network, out, settings).common


def _train(
    network: MobileNet,
    frozen: FrozenActivations,
    plan: LocalisationSettings,
    log: TrainingLog,
    *,
    common: float,
) -> WeightAverage:
    trained = _trained_parameters(network, plan.frozen_until)
    optimiser = torch.optim.AdamW(trained, weight_decay=plan.optimiser.weight_decay)
    average = WeightAverage(network, plan.ema_decay)
    count = len(frozen.labels)
    steps = plan.rounds * (count // plan.batch)
    for step, which in enumerate(_shuffled(count, plan)):
        rate = rate_at(step / steps, plan.optimiser)
        for group in optimiser.param_groups:
            group["lr"] = rate
        crops = frozen.batch(which)
        features = network.between(crops.activations.float(), plan.frozen_until, network.order[-1])
        maps = network.maps(features)
        logits, before = network.logits(maps), network.logits(crops.maps)
        parts = localisation_loss(maps, logits, before, crops, plan, common=common)
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        nn.utils.clip_grad_norm_(trained, 5.0)
        optimiser.step()
        average.update(network, step + 1)
        log.add(step, step / steps, rate=rate, **parts)
    return average


def localisation_loss(
    maps: Tensor,
    logits: Tensor,
    before: Tensor,
    crops: FrozenActivations,
    plan: LocalisationSettings,
    *,
    common: float,
) -> dict[str, Tensor]:
    """Return the weighted parts of the loss.

    `before` are the logits of the network as it was, `common` is its head's (see `calibrate_head`).
    """
    log_probabilities = F.log_softmax(logits / plan.temperature, 1)
    log_probabilities_before = F.log_softmax(before.detach() / plan.temperature, 1)
    answers = F.kl_div(
        log_probabilities, log_probabilities_before, log_target=True, reduction="none"
    ).sum(1)
    trusted = (log_probabilities_before.argmax(1) == crops.labels).float()
    errors = (centred_maps(maps) - centred_maps(crops.maps)).square().mean((1, 2, 3))
    # The maps of daisies are to change; those of other pictures are not.
    unchanged = trusted * (crops.labels != DAISY).float()
    # Half of the crops have daisies pasted or rendered into them: that is not how often they occur.
    weights = torch.where(crops.locations.flatten(1).sum(1) > 0, plan.located_share, 1.0)
    labels = F.nll_loss(log_probabilities, crops.labels, reduction="none")
    daisy_maps, daisy_maps_before = (calibrated_daisy_map(m, common) for m in (maps, crops.maps))
    hit, spread = location_losses(daisy_maps, crops.locations)
    daisies = crops.labels == DAISY
    heights = [m[daisies].amax((1, 2)) for m in (daisy_maps, daisy_maps_before.detach())]
    return {
        "labels": plan.labels_weight * (weights * labels).sum() / weights.sum(),
        "answers": plan.answers_weight * (weights * trusted * answers).sum() / weights.sum(),
        "maps": plan.maps_weight * (unchanged * (errors / crops.maps.var())).mean(),
        "hit": plan.hit_weight * hit,
        "spread": plan.spread_weight * spread,
        # The peak of a close flower in many cells is to stay as high as that of a small one.
        "height": plan.height_weight * F.smooth_l1_loss(*heights, beta=5.0) / SPREAD_WIDTH,
    }


def calibrated_daisy_map(maps: Tensor, common: float) -> Tensor:
    """Return the daisy map as the calibrated head gives it, `[N, h, w]`."""
    centred = centred_maps(maps)
    return centred[:, DAISY] + common * flower_evidence(centred)


def location_losses(daisy_maps: Tensor, locations: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far the peak, and the whole map, are from the flower, where its place is known."""
    known = locations.flatten(1).sum(1) > 0
    if not known.any():
        return daisy_maps.new_zeros(()), daisy_maps.new_zeros(())
    grids, weights = daisy_maps[known].flatten(1), locations[known].flatten(1)
    peaked = (grids / HIT_WIDTH).softmax(1)
    hit = -torch.log((peaked * weights).sum(1) + 1e-3).mean()
    wanted = weights / weights.sum(1, keepdim=True)
    spread = -(wanted * F.log_softmax(grids / SPREAD_WIDTH, 1)).sum(1).mean()
    return hit, spread


def _trained_parameters(network: MobileNet, frozen_until: str) -> list[nn.Parameter]:
    network.requires_grad_(False)
    first = network.order.index(frozen_until) + 1
    layers = [n for name in network.order[first:] for n in (name, f"{name}_bn")]
    parts = [p for name in (*layers, "conv_preds") for p in getattr(network, name).parameters()]
    return [part.requires_grad_(True) for part in parts]


def _shuffled(count: int, plan: LocalisationSettings) -> Iterator[Tensor]:
    for _ in range(plan.rounds):
        order = torch.randperm(count)
        yield from order[: count // plan.batch * plan.batch].split(plan.batch)


def _crops(out: Path, settings: Settings) -> Iterator[Crop]:
    cv2.setNumThreads(1)
    plan, rng = settings.localisation, np.random.default_rng(settings.seed + 4)
    sampler = CropSampler(open_stores(out), plan.mixture)
    pictures, rendered = PictureStore(out / PICTURES), PictureStore(out / RENDERED_MASKED)
    located = LocatedCropSampler(pictures, rendered)
    unknown = np.zeros((GRID, GRID), np.float32)
    for _ in range(plan.ordinary_crops):
        yield *sampler.crop(rng, SIDE_PX), unknown
    for count, draw in (
        (plan.rendered_crops, located.rendered),
        (plan.pasted_crops, located.pasted),
    ):
        for _ in range(count):
            picture, locations = draw(rng)
            yield picture, DAISY, locations


@torch.no_grad()
def _frozen_activations(network: MobileNet, crops: Iterator[Crop], layer: str) -> FrozenActivations:
    parts = []
    for batch in _in_batches(crops):
        pictures = network_input(torch.from_numpy(np.stack([picture for picture, _, _ in batch])))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            activations = network.between(pictures, None, layer).bfloat16()
        maps = network.maps(network.between(activations.float(), layer, network.order[-1]))
        labels = torch.tensor([label for _, label, _ in batch])
        locations = torch.from_numpy(np.stack([locations for _, _, locations in batch]))
        parts.append((activations, labels, locations, maps))
    return FrozenActivations(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _in_batches(crops: Iterator[Crop]) -> Iterator[list[Crop]]:
    while batch := list(islice(crops, BATCH)):
        yield batch
