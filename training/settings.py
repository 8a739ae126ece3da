"""Every number of the recipe, in one place; and tiny ones to try it out."""

from dataclasses import dataclass, field, replace
from typing import Literal

CLASSES = ("daisy", "dandelion", "rose", "sunflower", "tulip", "other")
DAISY, OTHER = 0, 5
FOLDERS = {"daisy": 0, "dandelion": 1, "roses": 2, "sunflowers": 3, "tulips": 4}
IMAGENET_DAISY = 985
IMAGENET_ALPHA = 0.75
# Below the shared folder: the published weights, and the maps of TensorFlow.js with them.
IMAGENET_WEIGHTS = "keras/models/mobilenet_7_5_224_tf.h5"
TFJS_REFERENCE = "reference/tfjs_mobilenet_v1_075_daisy"
ACT_MAX = 35.9  # median peak of the ImageNet daisy map over photographs of daisies


@dataclass(frozen=True)
class Stage:
    """A part of the training at one picture size; `share` is its part of the whole schedule."""

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
class MiningSettings:
    """Hard negatives: other things that look like flowers to the network are drawn more often."""

    floor: float = 0.15  # weight of a picture that the network has right
    rate: float = 0.4  # of the running mean of a picture's score
    daisy_weight: float = 1.0  # calling it a daisy counts once more
    round_steps: int = 250  # between two settings of the weights


@dataclass(frozen=True)
class TeacherSettings:
    """Fine-tuning of the ImageNet network (alpha 0.75) for the six classes."""

    alpha: float = IMAGENET_ALPHA
    steps: int = 2000
    batch: int = 32
    frozen_blocks: int = 4  # of thirteen
    ema_decay: float = 0.998
    mixup_share: float = 0.25  # part of the crops blended with another one
    sides_px: tuple[int, ...] = (128, 160, 192, 224)  # the student is trained at several sizes
    optimiser: Optimiser = Optimiser(peak_rate=2.5e-4, weight_decay=1e-2)
    head_rate_factor: float = 10.0  # of the learning rate, for the new head
    label_smoothing: float = 0.05


@dataclass(frozen=True)
class StudentSettings:
    """Distillation of the teacher into alpha 0.5, from a random start."""

    alpha: float = 0.5
    steps: int = 9_400
    stages: tuple[Stage, ...] = (
        Stage(128, 0.74, 64),
        Stage(160, 0.13, 64),
        Stage(192, 0.08, 48),
        Stage(224, 0.05, 48),
    )
    optimiser: Optimiser = Optimiser(peak_rate=2.5e-3, weight_decay=5e-2)
    ema_decay: float = 0.998
    # Layers whose features are compared, and their weights; early ones speed up a random start.
    compared: tuple[tuple[str, float], ...] = (
        ("conv_pw_5", 0.3),
        ("conv_pw_11", 0.7),
        ("conv_pw_13", 0.6),
    )
    maps_weight: float = 0.5
    distil_weight: float = 1.0
    labels_weight: float = 0.7
    mixup_share: float = 0.12  # part of the crops blended with another one
    mixup_until: float = 0.80  # of the schedule; whole pictures after that
    compiled: bool = True  # torch.compile: needs a C++ compiler, 1.5 times the time without
    statistics_batches: int = 30
    scale_factor: float = 2.5  # of the head, times the likeliest; see MODEL_CARD.md
    log_every: int = 100
    save_every_s: float = 120.0


@dataclass(frozen=True)
class Mixture:
    """How often each kind of picture is drawn."""

    daisy: float = 0.15
    dandelion: float = 0.12
    rose: float = 0.14
    sunflower: float = 0.12
    tulip: float = 0.13
    photo: float = 0.20  # photographs of other things
    clip: float = 0.04
    drawn: float = 0.03
    rendered_daisy: float = 0.04
    rendered_other: float = 0.03


@dataclass(frozen=True)
class SecondTeacherSettings:
    """A linear head on the features of another network, for the probabilities of crops."""

    folds: int = 4  # a picture's crops are answered by a head that was fitted without them
    decay: float = 1e-3  # of the squared weights, of features scaled to a spread of 1
    iterations: int = 150
    compiled: bool = True  # torch.compile: needs a C++ compiler


@dataclass(frozen=True)
class LocalisationSettings:
    """Training of the last blocks: each flower's map peaks on the flower, at the same height."""

    seed_offset: int = 3  # of the training; the crops and the pairs have the next two
    frozen_until: str = "conv_pw_11"  # it and all below are not trained
    mined: bool = False  # ordinary crops show hard negatives more often
    ordinary_crops: int = 4500
    rendered_crops: int = 2500
    pasted_crops: int = 3000  # a fifth of each kind of flower
    mirrored_pairs: int = 1500  # a picture and itself mirrored
    rounds: int = 8  # over all crops
    batch: int = 64
    pairs_per_batch: int = 12
    optimiser: Optimiser = Optimiser(peak_rate=5e-4, weight_decay=1e-2)
    ema_decay: float = 0.99
    temperature: float = 2.5  # the logits are scaled by scale_factor
    labels_weight: float = 1.0
    answers_weight: float = 1.0
    second_teacher: SecondTeacherSettings | None = None
    taught_weight: float = 0.0  # of the second teacher's probabilities
    located_share: float = 0.2  # weight of crops with a known location in these two
    maps_weight: float = 0.3
    hit_weight: float = 0.5
    spread_weight: float = 0.3
    place_weight: float = 0.5
    mirror_weight: float = 1.0
    height_weight: float = 1.0
    dim_weight: float = 0.3
    dim_below: float = 12.0  # peaks of other things: drawn with a tenth of full brightness
    mixture: Mixture = Mixture(
        daisy=0.14, photo=0.22, drawn=0.05, rendered_daisy=0.03, rendered_other=0.05
    )


def refinement_settings() -> LocalisationSettings:
    """Return the second training, of more blocks: for the classes, the maps kept in place.

    It has its own, more and harder ordinary crops, may answer otherwise than before, and is told by
    a second teacher.
    """
    return LocalisationSettings(
        seed_offset=6,
        frozen_until="conv_pw_6",
        mined=True,
        ordinary_crops=16_000,
        rendered_crops=1500,
        pasted_crops=4000,
        mirrored_pairs=1500,
        rounds=4,
        optimiser=Optimiser(peak_rate=5e-4, weight_decay=2e-2),
        ema_decay=0.995,
        answers_weight=0.0,
        second_teacher=SecondTeacherSettings(),
        taught_weight=2.0,
        mixture=Mixture(photo=0.24, clip=0.05, drawn=0.05),
    )


@dataclass(frozen=True)
class CalibrationSettings:
    """The last layer: one scale of maps, probabilities that mean what they say."""

    others_share: float = 0.5  # weight of other things against flowers
    least_others_right: float = 0.95  # flowers are named for as long as so many others are right
    shifts: tuple[float, ...] = tuple(round(0.1 * n, 1) for n in range(16))  # of "other", in logits
    sure_precision: float = 0.97  # of the answers from the threshold "not sure" upwards
    seen_levels: tuple[float, ...] = tuple(round(0.05 * n, 2) for n in range(20))
    seen_within: float = 0.006  # of the best mean of flowers and others right
    bins: int = 15  # of the expected calibration error, equally wide
    common_decay: float = 0.02  # keeps the common map small


@dataclass(frozen=True)
class EvaluationSettings:
    """How many rendered views the network is evaluated on."""

    views: int = 200  # of random scenes; half as many without flowers
    peak_scenes: int = 10  # for each kind of scene
    views_per_peak_scene: int = 20
    pastes_per_photograph: int = 4
    small_per_kind: int = 200  # small flowers pasted onto other things
    int8_pictures: int = 300


@dataclass(frozen=True)
class Settings:
    """The whole recipe."""

    seed: int = 20
    threads: int = 2
    every_photograph: int = 1  # to try the steps out, fewer will do
    drawn_pictures: int = 3600
    rendered_pictures: int = 3000
    masked_pictures: int = 2500
    clip_frames: int = 40
    mixture: Mixture = field(default_factory=Mixture)
    mining: MiningSettings = field(default_factory=MiningSettings)
    teacher: TeacherSettings = field(default_factory=TeacherSettings)
    student: StudentSettings = field(default_factory=StudentSettings)
    localisation: LocalisationSettings = field(default_factory=LocalisationSettings)
    refinement: LocalisationSettings = field(default_factory=refinement_settings)
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)


def with_longer_student(settings: Settings, factor: float) -> Settings:
    """Return the recipe with so many times the student's steps; its schedule is stretched."""
    steps = round(factor * settings.student.steps)
    return replace(settings, student=replace(settings.student, steps=steps))


Split = Literal["train", "validation", "test"]


def quick_settings() -> Settings:
    """Return a recipe that tries every step within minutes; its network is of no use."""
    return Settings(
        every_photograph=8,
        drawn_pictures=60,
        rendered_pictures=60,
        masked_pictures=50,
        clip_frames=2,
        mining=MiningSettings(round_steps=2),
        teacher=TeacherSettings(steps=3, batch=8, sides_px=(128,)),
        student=StudentSettings(
            steps=4, stages=(Stage(128, 0.7, 8), Stage(160, 0.3, 8)), compiled=False,
            statistics_batches=2, log_every=2,
        ),
        localisation=LocalisationSettings(
            ordinary_crops=12, rendered_crops=8, pasted_crops=10, mirrored_pairs=4, rounds=1,
            batch=8, pairs_per_batch=2,
        ),
        refinement=replace(
            refinement_settings(), ordinary_crops=12, rendered_crops=8, pasted_crops=10,
            mirrored_pairs=4, rounds=1, batch=8, pairs_per_batch=2,
            second_teacher=SecondTeacherSettings(folds=2, iterations=5, compiled=False),
        ),
        evaluation=EvaluationSettings(
            views=20, peak_scenes=1, views_per_peak_scene=3, pastes_per_photograph=1,
            small_per_kind=3, int8_pictures=6,
        ),
    )  # fmt: skip
