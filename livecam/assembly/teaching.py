"""Opens the network that classes are taught on, and makes a model of what was learnt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.held_out import class_figures
from livecam.core.teaching.samples import TaughtSample
from livecam.errors import SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.mobilenet_spec import MobileNetSpec
from livecam.models.other_things import other_things
from livecam.models.taught_file import TaughtBase, TaughtModel
from livecam.models.weights import file_digest
from livecam.native.real_path import real_path
from livecam.pipeline.teacher import Teacher
from livecam.settings.schema import ModelSettings

TEACHING_ALPHA = 0.75
"""Of imagenet where none is named: the program brings the features of other things for it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class TeachingBase:
    """The opened network below what is taught.

    Attributes:
        model: the network with its own classes.
        base: what stands for it in a file.
    """

    model: OpenedModel
    base: TaughtBase

    def teacher(self, class_names: Sequence[str]) -> Teacher:
        """Somebody who teaches these classes on it, without samples yet."""
        channels = len(self.model.head.kernel)
        things = other_things(self.model.spec, self.base.sha256, channels)
        return Teacher(self.model.runtime.infer, class_names, things)


def teaching_spec(settings: ModelSettings) -> MobileNetSpec:
    """The network that the settings name as the base.

    Raises:
        SettingsError: it is none that classes can be taught on.
    """
    if settings.weights is not None:
        raise SettingsError(
            "teach takes no --weights: a .livecam file names its network, for other machines, too."
        )
    alpha = settings.alpha
    if settings.model == "imagenet" and alpha is None:
        alpha = TEACHING_ALPHA
    spec = spec_of(settings.model, alpha)
    if not isinstance(spec, MobileNetSpec):
        raise SettingsError(
            f"--model {settings.model} cannot be taught: use imagenet or flowers as the base."
        )
    return spec


def open_teaching_base(settings: ModelSettings, say: Say) -> TeachingBase:
    """Make the base ready.

    Raises:
        SettingsError: it is none that classes can be taught on.
        ModelError: its weights or the engine are missing or damaged.
    """
    spec = teaching_spec(settings)
    if settings.precision != "float32":
        raise SettingsError(
            "teach computes in float32: leave --precision out. What was taught runs in int8, too."
        )
    model = open_model(spec, engine=settings.engine, threads=settings.threads, say=say)
    digest = file_digest(spec.weights_path())
    return TeachingBase(model, TaughtBase(spec.name, spec.alpha, digest))


def taught_model(
    base: TaughtBase, taught: TaughtHead, samples: Sequence[TaughtSample]
) -> TaughtModel:
    """What a file holds of a head, given the samples that it was fitted to."""
    figures = class_figures(taught, samples)
    return TaughtModel(base, taught.head, taught.temperature, tuple(figures))


def output_file(samples: Path, named: Path | None) -> Path:
    """The file of the result: as named, or NAME.livecam of the samples' folder, here."""
    return named or Path(f"{real_path(samples).name or 'taught'}.livecam")
