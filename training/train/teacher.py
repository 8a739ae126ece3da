"""Fine-tunes the ImageNet network (alpha 0.75) for the six classes: the teacher."""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training.train.weight_average import Average
from training.data.batches import Drawer, batches, blended
from training.network.tfjs_reference import check_golden
from training.network.keras_weights import read_imagenet, to_torch
from training.train.training_log import Log
from training.network.inference import logits_of
from training.network.mobilenet import MobileNet, network_input
from training.data.build_stores import PICTURES
from training.train.schedule import Progress, rate_at
from training.settings import CLASSES, Settings
from training.data.picture_store import Store

TEACHER = "teacher.pt"
IMAGENET = "keras/models/mobilenet_7_5_224_tf.h5"


def teach(shared: Path, out: Path, settings: Settings, seconds: float | None = None) -> Path:
    """Fine-tune for the settings' steps, or for some seconds; return the file of the weights."""
    torch.manual_seed(settings.seed)
    plan = settings.teacher
    check_golden(imagenet_network(shared, 1000, alpha=plan.alpha), shared)
    network = imagenet_network(shared, len(CLASSES), alpha=plan.alpha)
    _freeze(network, plan.frozen_blocks)
    progress, log = Progress(plan.steps, seconds), Log(out / "teacher.log")
    optimiser = _optimiser(network, settings)
    stores = [Store(out / PICTURES)]  # no rendered scenes: photographs are what it is to know

    def shape_of(step: int) -> tuple[int, int] | None:
        if progress.at(step) >= 1.0:
            return None
        return plan.batch, plan.sides_px[step % len(plan.sides_px)]

    average = Average(network, plan.ema_decay)
    network.eval()  # keeps ImageNet's batch statistics: these photographs are few
    for step, (pictures, labels) in enumerate(
        batches(Drawer(stores, settings.mixture), settings.seed, shape_of)
    ):
        rate = rate_at(progress.at(step), plan.optimiser)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["times"]
        mixed, targets = blended(network_input(pictures), labels, plan.mix_share)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            features = network.features(mixed)
        logits = network.logits(network.maps(features.float()))
        loss = F.cross_entropy(logits, targets, label_smoothing=plan.label_smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        average.follow(network, step + 1)
        right = (logits.argmax(1) == labels).float().mean()
        log.add(step, progress.at(step), rate=rate, side_px=pictures.shape[1], loss=loss,
                right=right)  # fmt: skip
    torch.save(average.network.state_dict(), out / TEACHER)
    log.note(f"steps {step + 1}; {_verdict(average.network, out)}")
    return out / TEACHER


def imagenet_network(shared: Path, classes: int, *, alpha: float = 0.75) -> MobileNet:
    """Return the published network; with other than 1000 classes its head starts at random."""
    network = MobileNet(alpha, classes)
    to_torch(network, read_imagenet(shared / IMAGENET), head=classes == 1000)
    if classes != 1000:
        width = network.conv_preds.in_channels
        nn.init.normal_(network.conv_preds.weight, std=0.1 / math.sqrt(width))
        nn.init.zeros_(network.conv_preds.bias)
    return network.eval()


def load_teacher(out: Path, settings: Settings) -> MobileNet:
    """Return the fine-tuned teacher, frozen."""
    network = MobileNet(settings.teacher.alpha, len(CLASSES))
    network.load_state_dict(torch.load(out / TEACHER, weights_only=True))
    return network.eval().requires_grad_(False)


def _freeze(network: MobileNet, blocks: int) -> None:
    # What edges and colours are like was learnt from a million pictures; and it is half the work.
    for name in network.order[: 1 + 2 * blocks]:
        getattr(network, name).requires_grad_(False)
        getattr(network, f"{name}_bn").requires_grad_(False)


def _optimiser(network: MobileNet, settings: Settings) -> torch.optim.AdamW:
    plan = settings.teacher
    head = list(network.conv_preds.parameters())
    rest = [p for name, p in network.named_parameters() if p.requires_grad]
    rest = rest[: -len(head)]  # the head comes last
    return torch.optim.AdamW(
        [{"params": rest, "times": 1.0}, {"params": head, "times": plan.head_rate}],
        weight_decay=plan.optimiser.weight_decay,
    )


def _verdict(network: MobileNet, out: Path) -> str:
    logits, labels = logits_of(network, [Store(out / PICTURES)], "validation")
    flowers = labels < len(CLASSES) - 1
    right = logits.argmax(1) == labels
    return f"validation photographs right {right[flowers].mean():.4f}"
