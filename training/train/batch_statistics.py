"""Recomputes the statistics of batch normalisation after training."""

from pathlib import Path

import torch
from torch import nn

from training.data.batches import CropSampler, batches
from training.data.build_stores import open_stores
from training.data.centred_square import SIDE_PX
from training.network.mobilenet import MobileNet, network_input
from training.settings import Settings


def recompute_batch_statistics(network: MobileNet, out: Path, settings: Settings) -> None:
    """Measure the batch statistics again, on nearly whole pictures of 224 pixels."""
    sampler = CropSampler(open_stores(out), settings.mixture, least_area=0.7)

    def shape_of(step: int) -> tuple[int, int] | None:
        return (48, SIDE_PX) if step < settings.student.statistics_batches else None

    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean over all batches
    network.train()
    with torch.no_grad():
        for pictures, _, _ in batches(sampler, settings.seed + 9, shape_of):
            network.features(network_input(pictures))
    network.eval()
