"""The loss of the localisation training: where the maps peak, how high, and what must stay."""

import torch
import torch.nn.functional as F
from torch import Tensor

from training.network.mobilenet import centred_maps
from training.settings import ACT_MAX, OTHER, LocalisationSettings
from training.train.frozen_activations import FrozenActivations

HIT_WIDTH, SPREAD_WIDTH = 3.0, 10.0  # so much more activation makes a cell e times likelier
PLACE_WIDTH = 6.0
HEIGHT_BETA = 5.0
DIM_WIDTH = 5.0


def localisation_loss(
    maps: Tensor,
    logits: Tensor,
    before: Tensor,
    crops: FrozenActivations,
    plan: LocalisationSettings,
) -> dict[str, Tensor]:
    """Return the weighted parts of the loss.

    `maps` `[N, classes, 7, 7]` and `logits` are as the head gives them, not centred: one map may be
    added to all classes without changing a probability, and it is what sets the heights. `before`
    are the logits of the network as it was.
    """
    located = crops.locations.flatten(1).sum(1) > 0
    weights = torch.where(located, plan.located_share, 1.0)
    log_probabilities = F.log_softmax(logits / plan.temperature, 1)
    answers, trusted = _unlike_before(log_probabilities, before, crops.labels, plan)
    # The maps of flowers are to change; those of other things are not.
    unchanged = trusted * (crops.labels == OTHER).float()
    errors = (centred_maps(maps) - centred_maps(crops.maps)).square().mean((1, 2, 3))
    labels = F.nll_loss(log_probabilities, crops.labels, reduction="none")
    own = own_maps(maps, crops.labels)
    hit, spread = location_losses(own, crops.locations)
    return {
        "labels": plan.labels_weight * (weights * labels).sum() / weights.sum(),
        "answers": plan.answers_weight * (weights * trusted * answers).sum() / weights.sum(),
        "taught": plan.taught_weight
        * (weights * _unlike_taught(log_probabilities, crops)).sum()
        / weights.sum(),
        "maps": plan.maps_weight * (unchanged * (errors / crops.maps.var())).mean(),
        "hit": plan.hit_weight * hit,
        "spread": plan.spread_weight * spread,
        "place": plan.place_weight * place_loss(own, crops.centres),
        "height": plan.height_weight * height_loss(own, crops.labels),
        "dim": plan.dim_weight * dim_loss(maps, crops.labels, plan.dim_below),
    }


def own_maps(maps: Tensor, labels: Tensor) -> Tensor:
    """Return for each picture the map of its own class, `[N, h, w]`."""
    return maps[torch.arange(len(labels)), labels]


def location_losses(own: Tensor, locations: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far the peak, and the whole map, are from the flower, where its place is known."""
    known = locations.flatten(1).sum(1) > 0
    if not known.any():
        return own.new_zeros(()), own.new_zeros(())
    grids, weights = own[known].flatten(1), locations[known].flatten(1)
    peaked = (grids / HIT_WIDTH).softmax(1)
    hit = -torch.log((peaked * weights).sum(1) + 1e-3).mean()
    wanted = weights / weights.sum(1, keepdim=True)
    spread = -(wanted * F.log_softmax(grids / SPREAD_WIDTH, 1)).sum(1).mean()
    return hit, spread


def place_loss(own: Tensor, centres: Tensor) -> Tensor:
    """Return how far the place of the peak, between cells, is from the flower's middle."""
    known = ~centres.isnan().any(1)
    if not known.any():
        return own.new_zeros(())
    return F.smooth_l1_loss(places(own[known]), centres[known], beta=0.5)


def places(grids: Tensor, width: float = PLACE_WIDTH) -> Tensor:
    """Return the middle of each map `[N, h, w]`, row and column in cells, by exp(A / width)."""
    shares = (grids / width).flatten(1).softmax(1).unflatten(1, grids.shape[1:])
    rows, columns = (torch.arange(n, dtype=grids.dtype) for n in grids.shape[1:])
    return torch.stack([(shares.sum(2) * rows).sum(1), (shares.sum(1) * columns).sum(1)], 1)


def mirror_loss(own: Tensor, mirrored: Tensor, axes: Tensor) -> Tensor:
    """Return how unlike maps `[N, h, w]` are to those of the mirrored pictures, mirrored back.

    A map that lies too far right on both gives a distance of twice that.
    """
    back = unmirrored(mirrored, axes)
    apart = F.smooth_l1_loss(places(own), places(back), beta=0.1)
    return apart + F.smooth_l1_loss(own / SPREAD_WIDTH, back / SPREAD_WIDTH, beta=0.5)


def unmirrored(maps: Tensor, axes: Tensor) -> Tensor:
    """Return maps `[N, h, w]` mirrored along the axes (rows, columns) that are true in `[N, 2]`."""
    maps = torch.where(axes[:, 0, None, None], maps.flip(1), maps)
    return torch.where(axes[:, 1, None, None], maps.flip(2), maps)


def height_loss(own: Tensor, labels: Tensor) -> Tensor:
    """Return how far the flowers' peaks are from `ACT_MAX`, each kind weighing the same."""
    flowers = labels < OTHER
    if not flowers.any():
        return own.new_zeros(())
    peaks = own[flowers].amax((1, 2))
    wanted = torch.full_like(peaks, ACT_MAX)
    errors = F.smooth_l1_loss(peaks, wanted, beta=HEIGHT_BETA, reduction="none")
    counts = torch.bincount(labels[flowers], minlength=OTHER).clamp(min=1)
    weights = 1.0 / counts[labels[flowers]]
    return (weights * errors).sum() / weights.sum() / SPREAD_WIDTH


def dim_loss(maps: Tensor, labels: Tensor, below: float) -> Tensor:
    """Return how far the flowers' maps of other things are above the height that is hardly seen."""
    others = labels == OTHER
    if not others.any():
        return maps.new_zeros(())
    peaks = maps[others, :OTHER].amax((1, 2, 3))
    return F.softplus((peaks - below) / DIM_WIDTH).mean()


def _unlike_taught(log_probabilities: Tensor, crops: FrozenActivations) -> Tensor:
    """Return the divergence from the second teacher's probabilities, `[N]`; 0 without one."""
    return F.kl_div(log_probabilities, crops.taught, reduction="none").sum(1)


def _unlike_before(
    log_probabilities: Tensor, before: Tensor, labels: Tensor, plan: LocalisationSettings
) -> tuple[Tensor, Tensor]:
    """Return the divergence from the earlier answers, and where those were right, `[N]` each."""
    earlier = F.log_softmax(before.detach() / plan.temperature, 1)
    apart = F.kl_div(log_probabilities, earlier, log_target=True, reduction="none").sum(1)
    return apart, (earlier.argmax(1) == labels).float()
