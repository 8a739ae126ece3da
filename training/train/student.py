"""Distillation: trains the student (alpha 0.5) from a random start with the fine-tuned teacher."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

import torch
from torch import Tensor, nn

from training.data.batches import (
    Batch,
    CropSampler,
    batches,
    batches_in_rounds,
    mixup,
    note_unmixed,
)
from training.data.build_stores import open_stores
from training.data.hard_negatives import HardNegatives
from training.network.bfloat16 import autocast
from training.network.mobilenet import MobileNet, network_input
from training.output_files import CHECKPOINT, STUDENT
from training.settings import CLASSES, Settings, StudentSettings
from training.train.distillation_loss import FeatureScale, Outputs, distillation_loss, measure_scale
from training.train.schedule import Progress, rate_at, stage_at
from training.train.teacher import load_teacher
from training.train.training_log import TrainingLog
from training.train.weight_average import WeightAverage

SCALE_BATCHES = 6


class Student(nn.Module):
    """The network, and 1 x 1 projections to the teacher's features that are dropped later."""

    def __init__(self, plan: StudentSettings, teacher: MobileNet) -> None:
        super().__init__()
        self.network = MobileNet(plan.alpha, len(CLASSES))
        self.layers = [layer for layer, _ in plan.compared]
        self.projections = nn.ModuleList(
            nn.Conv2d(*(getattr(net, layer).out_channels for net in (self.network, teacher)), 1)
            for layer in self.layers
        ).to(memory_format=torch.channels_last)
        nn.init.normal_(self.network.conv_preds.weight, std=0.05)
        nn.init.zeros_(self.network.conv_preds.bias)

    def forward(self, pictures: Tensor) -> Outputs:
        """Return the outputs, features projected into the teacher's space."""
        with autocast():
            layers = self.network.layers(pictures, self.layers)
            pairs = zip(self.projections, layers, strict=True)
            projected = [projection(layer).float() for projection, layer in pairs]
        maps = self.network.maps(layers[-1].float())
        return Outputs(projected, maps, self.network.logits(maps))


class Trainer:
    """Student, its averaged weights, its optimiser, and how far the training has got."""

    def __init__(self, out: Path, settings: Settings) -> None:
        torch.manual_seed(settings.seed + 1)
        self.out, self.plan = out, settings.student
        self.teacher = load_teacher(out, settings)
        self.student = Student(self.plan, self.teacher)
        self.average = WeightAverage(self.student, self.plan.ema_decay)
        self._compiled_student: Callable[[Tensor], Outputs] = self.student
        self._of_teacher: Callable[[Tensor], Outputs] = self._outputs_of_teacher
        if self.plan.compiled:
            self._compiled_student = torch.compile(self.student)
            self._of_teacher = torch.compile(self._outputs_of_teacher)  # 3/4 of the time
        self.optimiser = torch.optim.AdamW(_parameter_groups(self.student, self.plan), lr=0.0)
        self.hard = HardNegatives(settings.mining)
        self.step, self.done = 0, 0.0
        self.scale: FeatureScale | None = None
        self._resume()

    def train_step(self, batch: Batch, done: float) -> dict[str, Tensor]:
        """Take one step of the optimiser; return the parts of the loss."""
        share = self.plan.mixup_share if done < self.plan.mixup_until else 0.0
        pictures, targets = mixup(network_input(batch.pictures), batch.labels, share)
        of_teacher = self._of_teacher(pictures)
        assert self.scale is not None
        self.student.train()
        of_student = self._compiled_student(pictures)
        parts = distillation_loss(of_student, of_teacher, targets, self.scale, self.plan, done=done)
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(done, self.plan.optimiser)
        self.optimiser.zero_grad(set_to_none=True)
        torch.stack(list(parts.values())).sum().backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
        self.optimiser.step()
        self.step, self.done = self.step + 1, done
        self.average.update(self.student, self.step)
        note_unmixed(self.hard, batch.keys, batch.labels, of_student.logits, share)
        return parts

    def _outputs_of_teacher(self, pictures: Tensor) -> Outputs:
        return teacher_outputs(self.teacher, pictures, self.student.layers)

    def save(self) -> None:
        """Write a checkpoint; a crash meanwhile leaves the one before it."""
        state = {
            "student": self.student.state_dict(),
            "average": self.average.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "scale": (self.scale.features, self.scale.maps) if self.scale else None,
            "hard": list(self.hard.scores.items()),
            "step": self.step,
            "done": self.done,
        }
        partial = self.out / (CHECKPOINT + ".partial")
        torch.save(state, partial)
        os.replace(partial, self.out / CHECKPOINT)

    def _resume(self) -> None:
        path = self.out / CHECKPOINT
        if path.exists():
            state = torch.load(path, weights_only=True)
            self.student.load_state_dict(state["student"])
            self.average.network.load_state_dict(state["average"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.scale = FeatureScale(*state["scale"]) if state["scale"] else None
            self.hard.scores = dict(state["hard"])
            self.step, self.done = state["step"], state["done"]


def train_student(out: Path, settings: Settings, seconds: float | None = None) -> Path:
    """Train for the settings' steps, or for some seconds; return the file of the weights."""
    plan, log = settings.student, TrainingLog(out / "student.log", settings.student.log_every)
    trainer = Trainer(out, settings)
    before = trainer.done
    left_s = None if seconds is None else seconds / max(1e-9, 1.0 - before)
    progress = Progress(plan.steps, left_s, before)
    first = trainer.step

    def shape_of(ahead: int) -> tuple[int, int] | None:
        done = progress.at(first + ahead)
        stage = stage_at(done, plan.stages)
        return None if done >= 1.0 else (stage.batch, stage.side_px)

    sampler = CropSampler(open_stores(out), settings.mixture, hard=trainer.hard)
    every, saved_at = settings.mining.round_steps, monotonic()
    for batch in batches_in_rounds(sampler, settings.seed + 2 + first, shape_of, every):
        if trainer.scale is None:
            trainer.scale = _measured_scale(trainer, sampler, settings)
        done = progress.at(trainer.step)
        parts = trainer.train_step(batch, done)
        shape = {"rate": rate_at(done, plan.optimiser), "side_px": float(batch.pictures.shape[1])}
        log.add(trainer.step, done, **shape, **parts)
        if monotonic() - saved_at > plan.save_every_s:
            trainer.save()
            saved_at = monotonic()
    trainer.save()
    torch.save(trainer.average.network.network.state_dict(), out / STUDENT)
    log.write(f"hardest negatives {trainer.hard.hardest(8)}")
    log.write(f"finished after {trainer.step} steps")
    return out / STUDENT


@torch.no_grad()
def teacher_outputs(teacher: MobileNet, pictures: Tensor, layers: Sequence[str]) -> Outputs:
    """Return the teacher's outputs for `[N, 3, H, W]` in -1..1; the last layer is the top one."""
    with autocast():
        features = [layer.float() for layer in teacher.layers(pictures, layers)]
    maps = teacher.maps(features[-1])
    return Outputs(features, maps, teacher.logits(maps))


def _measured_scale(trainer: Trainer, sampler: CropSampler, settings: Settings) -> FeatureScale:
    def shape_of(step: int) -> tuple[int, int] | None:
        return (32, 160) if step < SCALE_BATCHES else None

    crops = batches(sampler, settings.seed + 1, shape_of)
    teacher, layers = trainer.teacher, trainer.student.layers
    return measure_scale(
        [teacher_outputs(teacher, network_input(pictures), layers) for pictures, _, _ in crops]
    )


def _parameter_groups(student: Student, plan: StudentSettings) -> list[dict[str, object]]:
    every = list(student.named_parameters())
    # No weight decay for norms, biases and the small depthwise filters.
    plain = [p for n, p in every if p.ndim == 1 or "_dw_" in n]
    decayed = [p for n, p in every if not (p.ndim == 1 or "_dw_" in n)]
    return [
        {"params": decayed, "weight_decay": plan.optimiser.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
