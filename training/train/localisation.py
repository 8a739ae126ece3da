"""Localisation training of the last blocks: each flower's map peaks on the flower, equally high.

The lower blocks are frozen, so each crop passes them only once; their activations are stored, and
the blocks above are trained on those at little cost.
"""

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from training.network.mobilenet import MobileNet, load_mobilenet
from training.output_files import (
    FROZEN_ACTIVATIONS,
    LOCALISED,
    REFINED,
    REFINEMENT_ACTIVATIONS,
    STUDENT,
)
from training.settings import LocalisationSettings, Settings
from training.train.batch_statistics import recompute_batch_statistics
from training.train.frozen_activations import (
    FrozenActivations,
    MirroredActivations,
    stored_activations,
)
from training.train.localisation_loss import localisation_loss, mirror_loss, own_maps
from training.train.map_scale import scale_like_imagenet
from training.train.schedule import rate_at
from training.train.training_log import TrainingLog
from training.train.weight_average import WeightAverage


def train_localisation(out: Path, settings: Settings) -> Path:
    """Train the student's last blocks; return the file of the weights."""
    plan, log = settings.localisation, TrainingLog(out / "localisation.log", every=100)
    torch.manual_seed(settings.seed + plan.seed_offset)
    network = load_mobilenet(out / STUDENT, settings.student.alpha)
    recompute_batch_statistics(network, out, settings)
    scale_like_imagenet(network, out, settings)
    crops = stored_activations(network, out / FROZEN_ACTIVATIONS, settings, plan)
    (out / REFINED).unlink(missing_ok=True)  # it went on from the weights that are replaced
    return _trained(network, crops, plan, log, out / LOCALISED)


def refine_last_blocks(out: Path, settings: Settings) -> Path:
    """Train more of the blocks once more, for classes and place; return the file of the weights."""
    plan, log = settings.refinement, TrainingLog(out / "refinement.log", every=100)
    torch.manual_seed(settings.seed + plan.seed_offset)
    network = load_mobilenet(out / LOCALISED, settings.student.alpha).eval()
    crops = stored_activations(network, out / REFINEMENT_ACTIVATIONS, settings, plan)
    return _trained(network, crops, plan, log, out / REFINED)


def _trained(
    network: MobileNet,
    crops: tuple[FrozenActivations, MirroredActivations],
    plan: LocalisationSettings,
    log: TrainingLog,
    target: Path,
) -> Path:
    single, paired = crops
    log.write(f"{len(single.labels)} crops, {len(paired.labels)} mirrored pairs")
    average = _train(network, single, paired, plan, log)
    torch.save(average.network.state_dict(), target)
    log.write("finished")
    return target


def _train(
    network: MobileNet,
    single: FrozenActivations,
    paired: MirroredActivations,
    plan: LocalisationSettings,
    log: TrainingLog,
) -> WeightAverage:
    trained = _trained_parameters(network, plan.frozen_until)
    optimiser = torch.optim.AdamW(trained, weight_decay=plan.optimiser.weight_decay)
    average = WeightAverage(network, plan.ema_decay)
    count = len(single.labels)
    steps = plan.rounds * (count // plan.batch)
    for step, which in enumerate(_shuffled(count, plan)):
        rate = rate_at(step / steps, plan.optimiser)
        for group in optimiser.param_groups:
            group["lr"] = rate
        crops = single.batch(which)
        pairs = paired.batch(torch.randint(len(paired.labels), (plan.pairs_per_batch,)))
        parts = _parts(network, crops, pairs, plan)
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        nn.utils.clip_grad_norm_(trained, 5.0)
        optimiser.step()
        average.update(network, step + 1)
        log.add(step, step / steps, rate=rate, **parts)
    return average


def _parts(
    network: MobileNet,
    crops: FrozenActivations,
    pairs: MirroredActivations,
    plan: LocalisationSettings,
) -> dict[str, Tensor]:
    inputs = torch.cat([crops.activations, pairs.pairs[:, 0], pairs.pairs[:, 1]]).float()
    maps = network.maps(network.between(inputs, plan.frozen_until, network.order[-1]))
    of_crops, one, other = maps.split([len(crops.labels), len(pairs.labels), len(pairs.labels)])
    logits, before = network.logits(of_crops), network.logits(crops.maps)
    parts = localisation_loss(of_crops, logits, before, crops, plan)
    own = own_maps(one, pairs.labels), own_maps(other, pairs.labels)
    return parts | {"mirror": plan.mirror_weight * mirror_loss(*own, pairs.axes)}


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
