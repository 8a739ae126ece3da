"""The student's loss: the teacher's features, maps and probabilities, and the labels."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.network.mobilenet import centred_maps
from training.settings import StudentSettings

LEAST_TRUST = 0.15  # probability that the teacher must give to the label


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs for a batch that are compared between teacher and student."""

    features: list[Tensor]  # [N, C, h, w] of each compared layer
    maps: Tensor  # [N, classes, h, w]
    logits: Tensor  # [N, classes]


@dataclass(frozen=True, slots=True)
class FeatureScale:
    """Spread of the teacher's features per channel and of its maps, to make losses comparable."""

    features: list[Tensor]  # [C] of each compared layer
    maps: Tensor  # []


def measure_scale(outputs: list[Outputs]) -> FeatureScale:
    """Measure the spread over some batches of the teacher."""
    layers = zip(*(output.features for output in outputs), strict=True)
    maps = torch.cat([output.maps for output in outputs])
    return FeatureScale([_spread(torch.cat(layer)) for layer in layers], maps.std())


def distillation_loss(
    student: Outputs,
    teacher: Outputs,
    targets: Tensor,
    scale: FeatureScale,
    settings: StudentSettings,
    *,
    done: float,
) -> dict[str, Tensor]:
    """Return the weighted parts of the loss; `targets` are class probabilities `[N, classes]`.

    The weight of the layers below the top falls to 0 as `done` goes to 1.
    """
    features: dict[str, Tensor] = {}
    for (layer, weight), features_of_student, features_of_teacher, spread in zip(
        settings.compared, student.features, teacher.features, scale.features, strict=True
    ):
        wide = spread[None, :, None, None]
        fading = 1.0 if layer == settings.compared[-1][0] else max(0.0, 1.0 - done)
        features[layer] = (
            weight * fading * F.mse_loss(features_of_student / wide, features_of_teacher / wide)
        )
    trusted = _is_trusted(teacher.logits, targets)
    map_errors = (centred_maps(student.maps) - centred_maps(teacher.maps)) / scale.maps
    maps = (trusted * map_errors.square().mean((1, 2, 3))).mean()
    log_probabilities = F.log_softmax(student.logits, 1)
    teacher_log_probabilities = F.log_softmax(teacher.logits, 1)
    distil = F.kl_div(
        log_probabilities, teacher_log_probabilities, log_target=True, reduction="none"
    ).sum(1)
    labels = -(targets * log_probabilities).sum(1).mean()
    return {
        **features,
        "maps": settings.maps_weight * maps,
        "distil": settings.distil_weight * (trusted * distil).mean(),
        "labels": settings.labels_weight * labels,
    }


def _spread(features: Tensor) -> Tensor:
    spread = features.std((0, 2, 3))
    # Channels that are hardly ever active would otherwise be scaled up without limit.
    return torch.maximum(spread, 0.5 * spread.mean())


def _is_trusted(teacher_logits: Tensor, targets: Tensor) -> Tensor:
    # The teacher is ignored where it contradicts the label; `[N]`, 0 or 1.
    return ((teacher_logits.softmax(1) * targets).sum(1) > LEAST_TRUST).float()
