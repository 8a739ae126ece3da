"""Every number of the recipe, in one place."""

from dataclasses import dataclass, field
from typing import Literal

CLASSES = ("daisy", "dandelion", "rose", "sunflower", "tulip", "other")
DAISY, OTHER = 0, 5
FOLDERS = {"daisy": 0, "dandelion": 1, "roses": 2, "sunflowers": 3, "tulips": 4}
IMAGENET_DAISY = 985
BLOOM = "bloom"  # pictures whose fourth channel says where the flower is
ACT_MAX = 35.9  # median peak of the ImageNet daisy map over photographs of daisies


@dataclass(frozen=True)
class Stage:
    """A stretch of training at one picture size; `share` is its part of the whole schedule."""

    side_px: int
    share: float
    batch: int


@dataclass(frozen=True)
class Optimiser:
    """AdamW with a short warm-up and a cosine down to zero."""

    peak_rate: float
    weight_decay: float
    warm_up: float = 0.03  # part of the schedule


@dataclass(frozen=True)
class TeacherSettings:
    """Fine-tuning of the ImageNet network (alpha 0.75) for the six classes."""

    alpha: float = 0.75
    steps: int = 2000
    batch: int = 32
    frozen_blocks: int = 4  # of thirteen
    ema_decay: float = 0.998
    mix_share: float = 0.25  # part of the crops blended with another one
    sides_px: tuple[int, ...] = (128, 160, 192, 224)  # the student asks it at several sizes
    optimiser: Optimiser = Optimiser(peak_rate=2.5e-4, weight_decay=1e-2)
    head_rate: float = 10.0  # the new head learns this many times faster
    label_smoothing: float = 0.05


@dataclass(frozen=True)
class StudentSettings:
    """Distillation of the teacher into alpha 0.5, from a random start."""

    alpha: float = 0.5
    steps: int = 10_000
    stages: tuple[Stage, ...] = (
        Stage(128, 0.74, 64),
        Stage(160, 0.13, 64),
        Stage(192, 0.09, 48),
        Stage(224, 0.04, 48),
    )
    optimiser: Optimiser = Optimiser(peak_rate=2.5e-3, weight_decay=5e-2)
    ema_decay: float = 0.998
    # Layers whose features are compared, and how much; early ones teach a random start quickly.
    compared: tuple[tuple[str, float], ...] = (
        ("conv_pw_5", 0.3),
        ("conv_pw_11", 0.7),
        ("conv_pw_13", 0.6),
    )
    maps_weight: float = 0.5
    distil_weight: float = 1.0
    labels_weight: float = 0.7
    mix_share: float = 0.12  # part of the crops blended with another one
    mix_until: float = 0.80  # of the schedule; whole pictures after that
    compiled: bool = True  # torch.compile: needs a C++ compiler, half as much time again without
    settling_batches: int = 30
    over_sharp: float = 2.5  # chosen on validation photographs, see MODEL_CARD.md
    log_every: int = 100
    save_every_s: float = 120.0


@dataclass(frozen=True)
class Mixture:
    """How often each kind of picture is drawn."""

    daisy: float = 0.19
    dandelion: float = 0.12
    rose: float = 0.14
    sunflower: float = 0.13
    tulip: float = 0.13
    photo: float = 0.06  # photographs of other things
    clip: float = 0.05
    synthetic: float = 0.04
    rendered_daisy: float = 0.05
    rendered_other: float = 0.03


@dataclass(frozen=True)
class SharpenSettings:
    """Fine-tuning of the last blocks: the daisy map's peak moves onto the flower."""

    kept_layer: str = "conv_pw_11"  # it and all below stay as they are
    ordinary_crops: int = 4500
    bloom_crops: int = 3500
    inset_crops: int = 1000
    rounds: int = 8  # each crop is seen so often
    batch: int = 64
    optimiser: Optimiser = Optimiser(peak_rate=5e-4, weight_decay=1e-2)
    ema_decay: float = 0.99
    cool: float = 2.5  # the shipped logits are so many times too sure, see MODEL_CARD.md
    labels_weight: float = 1.0
    answers_weight: float = 1.0
    placed_share: float = 0.1  # how much crops with a known place count for these two
    maps_weight: float = 0.5
    hit_weight: float = 0.5
    spread_weight: float = 0.3
    height_weight: float = 1.0
    mixture: Mixture = Mixture(
        daisy=0.16, photo=0.12, synthetic=0.06, rendered_daisy=0.03, rendered_other=0.05
    )


@dataclass(frozen=True)
class Settings:
    """The whole recipe."""

    seed: int = 20
    threads: int = 2
    synthetic_pictures: int = 2400
    rendered_pictures: int = 3000
    bloom_pictures: int = 2500
    clip_frames: int = 40
    mixture: Mixture = field(default_factory=Mixture)
    teacher: TeacherSettings = field(default_factory=TeacherSettings)
    student: StudentSettings = field(default_factory=StudentSettings)
    sharpen: SharpenSettings = field(default_factory=SharpenSettings)


Split = Literal["train", "validation", "test"]
