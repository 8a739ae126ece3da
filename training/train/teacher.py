"""Fine-tunes the ImageNet network (alpha 0.75) for the six classes: the teacher."""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training.data.batches import CropSampler, batches_in_rounds, mixup, note_unmixed
from training.data.hard_negatives import HardNegatives
from training.data.picture_store import PictureStore
from training.network.bfloat16 import autocast
from training.network.inference import logits_of
from training.network.keras_weights import read_imagenet_weights, to_torch
from training.network.mobilenet import MobileNet, load_mobilenet, network_input
from training.network.tfjs_reference import check_against_tfjs
from training.output_files import PICTURES, TEACHER
from training.settings import CLASSES, IMAGENET_WEIGHTS, Settings
from training.train.schedule import Progress, rate_at
from training.train.training_log import TrainingLog
from training.train.weight_average import WeightAverage


def train_teacher(
    shared: Path, out: Path, settings: Settings, seconds: float | None = None
) -> Path:
    """Fine-tune for the settings' steps, or for some seconds; return the file of the weights."""
    torch.manual_seed(settings.seed)
    plan = settings.teacher
    check_against_tfjs(imagenet_network(shared, 1000, alpha=plan.alpha), shared)
    network = imagenet_network(shared, len(CLASSES), alpha=plan.alpha)
    _freeze(network, plan.frozen_blocks)
    progress, log = Progress(plan.steps, seconds), TrainingLog(out / "teacher.log")
    optimiser = _optimiser(network, settings)
    stores = [PictureStore(out / PICTURES)]  # no rendered scenes: it is to know photographs

    def shape_of(step: int) -> tuple[int, int] | None:
        if progress.at(step) >= 1.0:
            return None
        return plan.batch, plan.sides_px[step % len(plan.sides_px)]

    average = WeightAverage(network, plan.ema_decay)
    network.eval()  # keeps ImageNet's batch statistics: these photographs are few
    hard = HardNegatives(settings.mining)
    sampler, every = CropSampler(stores, settings.mixture, hard=hard), settings.mining.round_steps
    crops = batches_in_rounds(sampler, settings.seed, shape_of, every)
    for step, (pictures, labels, keys) in enumerate(crops):
        rate = rate_at(progress.at(step), plan.optimiser)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["rate_factor"]
        mixed, targets = mixup(network_input(pictures), labels, plan.mixup_share)
        with autocast():
            features = network.features(mixed)
        logits = network.logits(network.maps(features.float()))
        loss = F.cross_entropy(logits, targets, label_smoothing=plan.label_smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        average.update(network, step + 1)
        note_unmixed(hard, keys, labels, logits, plan.mixup_share)
        right = (logits.argmax(1) == labels).float().mean()
        log.add(step, progress.at(step), rate=rate, side_px=pictures.shape[1], loss=loss,
                right=right)  # fmt: skip
    torch.save(average.network.state_dict(), out / TEACHER)
    log.write(f"hardest negatives {hard.hardest(8)}")
    log.write(f"steps {step + 1}; {_validation_accuracy(average.network, out)}")
    return out / TEACHER


def imagenet_network(shared: Path, classes: int, *, alpha: float = 0.75) -> MobileNet:
    """Return the published network; with other than 1000 classes its head starts at random."""
    network = MobileNet(alpha, classes)
    to_torch(network, read_imagenet_weights(shared / IMAGENET_WEIGHTS), head=classes == 1000)
    if classes != 1000:
        width = network.conv_preds.in_channels
        nn.init.normal_(network.conv_preds.weight, std=0.1 / math.sqrt(width))
        nn.init.zeros_(network.conv_preds.bias)
    return network.eval()


def load_teacher(out: Path, settings: Settings) -> MobileNet:
    """Return the fine-tuned teacher, frozen."""
    return load_mobilenet(out / TEACHER, settings.teacher.alpha).eval().requires_grad_(False)


def _freeze(network: MobileNet, blocks: int) -> None:
    # Edges and colours were learned from a million pictures; and it saves half the time.
    for name in network.order[: 1 + 2 * blocks]:
        getattr(network, name).requires_grad_(False)
        getattr(network, f"{name}_bn").requires_grad_(False)


def _optimiser(network: MobileNet, settings: Settings) -> torch.optim.AdamW:
    plan = settings.teacher
    head = list(network.conv_preds.parameters())
    rest = [p for name, p in network.named_parameters() if p.requires_grad]
    rest = rest[: -len(head)]  # the head comes last
    return torch.optim.AdamW(
        [
            {"params": rest, "rate_factor": 1.0},
            {"params": head, "rate_factor": plan.head_rate_factor},
        ],
        weight_decay=plan.optimiser.weight_decay,
    )


def _validation_accuracy(network: MobileNet, out: Path) -> str:
    logits, labels = logits_of(network, PictureStore(out / PICTURES), "validation")
    flowers = labels < len(CLASSES) - 1
    right = logits.argmax(1) == labels
    return (
        f"validation photographs right {right[flowers].mean():.4f}, "
        f"other things {right[~flowers].mean():.4f}"
    )
