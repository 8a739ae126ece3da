"""What the student is asked for: the teacher's features, its maps, its answers, and the labels."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.settings import StudentSettings

TRUST_FROM = 0.15


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is compared of what a network says about a batch."""

    features: list[Tensor]  # [N, C, h, w] of each compared layer
    maps: Tensor  # [N, classes, h, w]
    logits: Tensor  # [N, classes]


@dataclass(frozen=True, slots=True)
class Scale:
    """Spread of the teacher's features per channel and of its maps, to make losses comparable."""

    features: list[Tensor]  # [C] of each compared layer
    maps: Tensor  # []


def scale_of(answers: list[Answer]) -> Scale:
    """Measure the spread over some batches of the teacher."""
    layers = zip(*(answer.features for answer in answers), strict=True)
    maps = torch.cat([answer.maps for answer in answers])
    return Scale([_spread(torch.cat(layer)) for layer in layers], maps.std())


def loss_parts(
    student: Answer,
    teacher: Answer,
    targets: Tensor,
    scale: Scale,
    settings: StudentSettings,
    *,
    done: float,
) -> dict[str, Tensor]:
    """Return the weighted parts of the loss; `targets` are class probabilities `[N, classes]`.

    What the layers below the top should look like matters less and less as `done` goes to 1.
    """
    features: dict[str, Tensor] = {}
    for (layer, weight), mine, theirs, spread in zip(
        settings.compared, student.features, teacher.features, scale.features, strict=True
    ):
        wide = spread[None, :, None, None]
        fading = 1.0 if layer == settings.compared[-1][0] else max(0.0, 1.0 - done)
        features[layer] = weight * fading * F.mse_loss(mine / wide, theirs / wide)
    trusted = _trusted(teacher.logits, targets)
    astray = (_centred(student.maps) - _centred(teacher.maps)) / scale.maps
    maps = (trusted * astray.square().mean((1, 2, 3))).mean()
    spoken = F.log_softmax(student.logits, 1)
    taught = F.log_softmax(teacher.logits, 1)
    distil = F.kl_div(spoken, taught, log_target=True, reduction="none").sum(1)
    labels = -(targets * spoken).sum(1).mean()
    return {
        **features,
        "maps": settings.maps_weight * maps,
        "distil": settings.distil_weight * (trusted * distil).mean(),
        "labels": settings.labels_weight * labels,
    }


def _spread(features: Tensor) -> Tensor:
    spread = features.std((0, 2, 3))
    # Channels that hardly ever fire would otherwise be blown up without limit.
    return torch.maximum(spread, 0.5 * spread.mean())


def _trusted(teacher_logits: Tensor, targets: Tensor) -> Tensor:
    # A teacher that contradicts the label flatly is not listened to; `[N]`, 0 or 1.
    return ((teacher_logits.softmax(1) * targets).sum(1) > TRUST_FROM).float()


def _centred(maps: Tensor) -> Tensor:
    # A map added to all classes alike changes no answer, so it is not asked for.
    return maps - maps.mean(1, keepdim=True)
