"""What another network would say: probabilities of crops by a linear head on its features.

The head that answers for a photograph is fitted on crops of other photographs only, so that its
doubts are those about a picture that it does not know: it is less sure where the label is wrong.
"""

import zlib
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from training.settings import CLASSES, SecondTeacherSettings

LEAST_SPREAD = 0.05


class SecondTeacher:
    """Gathers the features of crops; without settings it has nothing to say."""

    def __init__(self, plan: SecondTeacherSettings | None) -> None:
        self._plan, self._features, self._names = plan, list[Tensor](), list[str]()
        if plan is not None:
            from training.network.efficientnet_lite import pooled_features

            self._pooled = pooled_features(compiled=plan.compiled)

    def see(self, pictures: Tensor, names: Sequence[str]) -> None:
        """Take crops, float32 RGB `[N, 3, H, W]` in -1..1, and the names of their pictures."""
        if self._plan is not None:
            self._features.append(self._pooled(pictures))
            self._names += names

    @torch.enable_grad()
    def answers(self, labels: Tensor) -> Tensor:
        """Return the probabilities `[N, classes]` of all crops seen; 0 without settings."""
        if self._plan is None:
            return torch.zeros(len(labels), len(CLASSES))
        return answers_of_folds(torch.cat(self._features), labels, self._names, self._plan)


def answers_of_folds(
    features: Tensor, labels: Tensor, names: Sequence[str], plan: SecondTeacherSettings
) -> Tensor:
    """Return the probabilities `[N, classes]` of crops, given features `[N, C]` and picture names.

    Crops of one picture share a fold: the head that answers for it has seen none of them.
    """
    folds = torch.tensor([zlib.crc32(name.encode()) % plan.folds for name in names])
    scaled = (features - features.mean(0)) / (features.std(0) + LEAST_SPREAD)
    answers = torch.empty(len(labels), len(CLASSES))
    for fold in range(plan.folds):
        here = folds == fold
        weights, bias = _fitted_head(scaled[~here], labels[~here], plan)
        answers[here] = (scaled[here] @ weights + bias).softmax(1)
    return answers


def _fitted_head(
    features: Tensor, labels: Tensor, plan: SecondTeacherSettings
) -> tuple[Tensor, Tensor]:
    """Return weights `[C, classes]` and bias of a regularised logistic regression."""
    weights = torch.zeros(features.shape[1], len(CLASSES), requires_grad=True)
    bias = torch.zeros(len(CLASSES), requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weights, bias], max_iter=plan.iterations, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(features @ weights + bias, labels)
        value = value + plan.decay * weights.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    return weights.detach(), bias.detach()
