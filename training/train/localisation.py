"""Moves the peak of the daisy map onto the daisy: a short last training of the last blocks.

The lower blocks stay as they are, so each crop goes through them only once; what comes out of them
is kept, and the blocks above learn from that at little cost.
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

from training.train.weight_average import Average
from training.data.batches import Drawer
from training.export.head_calibration import SHARP, fit_head, settle
from training.train.student import STUDENT
from training.train.training_log import Log
from training.network.mobilenet import MobileNet, network_input
from training.data.located_crops import GRID, Placer
from training.data.build_stores import BLOOMS, PICTURES, open_stores
from training.train.schedule import rate_at
from training.settings import CLASSES, DAISY, OTHER, Settings, SharpenSettings
from training.data.centred_square import SIDE_PX
from training.data.picture_store import Picture, Store

KEPT = "kept.pt"  # delete it when the crops or the lower blocks change
HIT_WIDTH, SPREAD_WIDTH = 3.0, 10.0  # activations that a place is e times likelier for
AT_ONCE = 32
Crop = tuple[Picture, int, np.ndarray]  # RGB, label, weights of the places (all 0: not known)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What came out of the lower blocks for many crops, and what is known about the crops."""

    lower: Tensor  # bfloat16 [N, C, 14, 14]
    labels: Tensor  # int64 [N]
    places: Tensor  # float32 [N, 7, 7]
    maps: Tensor  # float32 [N, classes, 7, 7], of the network before

    def some(self, which: Tensor) -> "Kept":
        """Return a part of it."""
        return Kept(self.lower[which], self.labels[which], self.places[which], self.maps[which])


def sharpen(out: Path, settings: Settings) -> Path:
    """Train the student's last blocks; return the file of the weights."""
    torch.manual_seed(settings.seed + 3)
    plan, log = settings.sharpen, Log(out / "sharpen.log", every=100)
    network, common = _start(out, settings)
    kept = _kept_or_made(network, out, settings)
    log.note(f"{len(kept.labels)} crops")
    average = _train(network, kept, plan, log, common=common)
    torch.save(average.network.state_dict(), out / SHARP)
    log.note("finished")
    return out / SHARP


def _kept_or_made(network: MobileNet, out: Path, settings: Settings) -> Kept:
    path = out / KEPT
    if not path.exists():
        made = _kept(network, _crops(out, settings), settings.sharpen.kept_layer)
        torch.save(tuple(getattr(made, field.name) for field in fields(made)), path)
    return Kept(*torch.load(path, weights_only=True))


def _start(out: Path, settings: Settings) -> tuple[MobileNet, float]:
    """Return the student with a head as it would be shipped, and how the head was changed."""
    network = MobileNet(settings.student.alpha, len(CLASSES))
    network.load_state_dict(torch.load(out / STUDENT, weights_only=True))
    settle(network, out, settings)
    return network, fit_head(network, out, settings).common


def _train(
    network: MobileNet, kept: Kept, plan: SharpenSettings, log: Log, *, common: float
) -> Average:
    trained = _trained_parts(network, plan.kept_layer)
    optimiser = torch.optim.AdamW(trained, weight_decay=plan.optimiser.weight_decay)
    average = Average(network, plan.ema_decay)
    count = len(kept.labels)
    steps = plan.rounds * (count // plan.batch)
    for step, which in enumerate(_shuffled(count, plan)):
        rate = rate_at(step / steps, plan.optimiser)
        for group in optimiser.param_groups:
            group["lr"] = rate
        some = kept.some(which)
        maps = network.maps(network.between(some.lower.float(), plan.kept_layer, network.order[-1]))
        logits, before = network.logits(maps), network.logits(some.maps)
        parts = sharpen_loss(maps, logits, before, some, plan, common=common)
        optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        nn.utils.clip_grad_norm_(trained, 5.0)
        optimiser.step()
        average.follow(network, step + 1)
        log.add(step, step / steps, rate=rate, **parts)
    return average


def sharpen_loss(
    maps: Tensor,
    logits: Tensor,
    before: Tensor,
    some: Kept,
    plan: SharpenSettings,
    *,
    common: float,
) -> dict[str, Tensor]:
    """Return the weighted parts of the loss.

    `before` are the logits of the network as it was, `common` is its head's (see `calibrate`).
    """
    spoken = F.log_softmax(logits / plan.cool, 1)
    earlier = F.log_softmax(before.detach() / plan.cool, 1)
    answers = F.kl_div(spoken, earlier, log_target=True, reduction="none").sum(1)
    trusted = (earlier.argmax(1) == some.labels).float()
    astray = (_centred(maps) - _centred(some.maps)).square().mean((1, 2, 3)) / some.maps.var()
    # The maps of daisies are to change; those of other pictures are not.
    kept_still = trusted * (some.labels != DAISY).float()
    # Half of the crops have daisies laid or drawn into them: no reason to expect so many of them.
    fair = torch.where(some.places.flatten(1).sum(1) > 0, plan.placed_share, 1.0)
    labels = F.nll_loss(spoken, some.labels, reduction="none")
    shown, shown_before = (shown_map(m, common) for m in (maps, some.maps))
    hit, spread = misplaced(shown, some.places)
    daisies = some.labels == DAISY
    heights = shown[daisies].amax((1, 2)), shown_before[daisies].amax((1, 2)).detach()
    return {
        "labels": plan.labels_weight * (fair * labels).sum() / fair.sum(),
        "answers": plan.answers_weight * (fair * trusted * answers).sum() / fair.sum(),
        "maps": plan.maps_weight * (kept_still * astray).mean(),
        "hit": plan.hit_weight * hit,
        "spread": plan.spread_weight * spread,
        # A close flower that fills many places is to glow as a small one does.
        "height": plan.height_weight * F.smooth_l1_loss(*heights, beta=5.0) / SPREAD_WIDTH,
    }


def shown_map(maps: Tensor, common: float) -> Tensor:
    """Return the daisy map as the calibrated head gives it, `[N, h, w]`."""
    centred = _centred(maps)
    return centred[:, DAISY] + common * (centred[:, :OTHER].mean(1) - centred[:, OTHER])


def misplaced(shown: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far the peak, and the whole brightness, are from the flower; known places only."""
    known = places.flatten(1).sum(1) > 0
    if not known.any():
        return shown.new_zeros(()), shown.new_zeros(())
    grids, weights = shown[known].flatten(1), places[known].flatten(1)
    peaked = (grids / HIT_WIDTH).softmax(1)
    hit = -torch.log((peaked * weights).sum(1) + 1e-3).mean()
    wanted = weights / weights.sum(1, keepdim=True)
    spread = -(wanted * F.log_softmax(grids / SPREAD_WIDTH, 1)).sum(1).mean()
    return hit, spread


def _centred(maps: Tensor) -> Tensor:
    return maps - maps.mean(1, keepdim=True)


def _trained_parts(network: MobileNet, kept_layer: str) -> list[nn.Parameter]:
    network.requires_grad_(False)
    first = network.order.index(kept_layer) + 1
    layers = [n for name in network.order[first:] for n in (name, f"{name}_bn")]
    parts = [p for name in (*layers, "conv_preds") for p in getattr(network, name).parameters()]
    return [part.requires_grad_(True) for part in parts]


def _shuffled(count: int, plan: SharpenSettings) -> Iterator[Tensor]:
    for _ in range(plan.rounds):
        order = torch.randperm(count)
        yield from order[: count // plan.batch * plan.batch].split(plan.batch)


def _crops(out: Path, settings: Settings) -> Iterator[Crop]:
    cv2.setNumThreads(1)
    plan, rng = settings.sharpen, np.random.default_rng(settings.seed + 4)
    drawer = Drawer(open_stores(out), plan.mixture)
    placer = Placer(Store(out / PICTURES), Store(out / BLOOMS))
    nowhere = np.zeros((GRID, GRID), np.float32)
    for _ in range(plan.ordinary_crops):
        yield *drawer.crop(rng, SIDE_PX), nowhere
    for count, draw in ((plan.bloom_crops, placer.bloom), (plan.inset_crops, placer.inset)):
        for _ in range(count):
            picture, places = draw(rng)
            yield picture, DAISY, places


@torch.no_grad()
def _kept(network: MobileNet, crops: Iterator[Crop], layer: str) -> Kept:
    parts = []
    for some in _in_batches(crops):
        pictures = network_input(torch.from_numpy(np.stack([picture for picture, _, _ in some])))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            lower = network.between(pictures, None, layer).bfloat16()
        maps = network.maps(network.between(lower.float(), layer, network.order[-1]))
        labels = torch.tensor([label for _, label, _ in some])
        places = torch.from_numpy(np.stack([places for _, _, places in some]))
        parts.append((lower, labels, places, maps))
    return Kept(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _in_batches(crops: Iterator[Crop]) -> Iterator[list[Crop]]:
    while some := list(islice(crops, AT_ONCE)):
        yield some
