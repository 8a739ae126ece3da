"""Joins teaching to a pipeline that is open: a model whose head changes, screens and a sink."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from livecam.assembly.open_model import OpenedModel
from livecam.core.class_activation import activation_of
from livecam.core.head import Head
from livecam.core.map_offset import NO_OFFSET
from livecam.core.network_size import InputSize
from livecam.core.protocols import OffersClassKeys
from livecam.core.teaching.every_class import empty_head, head_of_every_class
from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.held_out import ClassFigure
from livecam.core.teaching.samples import OTHER
from livecam.core.types import Activation, BgrImage, NetworkOutput, RgbImage
from livecam.models.taught_file import TaughtBase, TaughtModel
from livecam.pipeline.live_teaching import LiveTeaching, TeachingScreen, keys_of
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.teacher import Teacher
from livecam.sinks.sample_folder import SampleFolder


class LearntHead:
    """The head of this moment, and its temperature; replaced in one step."""

    def __init__(self, head: Head, temperature: float) -> None:
        self.current = (head, temperature)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TeachableModel:
    """An opened model whose head is learnt while it runs; a protocols.ActivationModel.

    Attributes:
        opened: the network, with the head that it began with.
        learnt: the head of this moment.
    """

    opened: OpenedModel
    learnt: LearntHead

    @property
    def labels(self) -> Sequence[str]:
        """First names of the classes, in order."""
        return self.opened.labels

    @property
    def class_choices(self) -> Sequence[int]:
        """Indices of the classes that can be chosen: all but "other"."""
        return self.opened.class_choices

    @property
    def description(self) -> str:
        """Model and engine in a few words."""
        return self.opened.description

    @property
    def engine(self) -> str:
        """The engine's short name."""
        return self.opened.engine

    @property
    def blur_cells(self) -> float:
        """Of its maps."""
        return self.opened.blur_cells

    @property
    def input_size(self) -> InputSize:
        """What sizes of pictures it takes."""
        return self.opened.input_size

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """Features and logits by the head of this moment; see protocols.ActivationModel."""
        head, temperature = self.learnt.current
        output = self.opened.infer(rgb)
        at_picture = head.at(output.features)
        return replace(
            output,
            head=head,
            temperature=temperature,
            head_at_picture=at_picture,
        )

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        """The class's grid, by the head that the output is of; see protocols.ActivationModel."""
        is_in_place = network_output.is_turned_mean
        offset_px = NO_OFFSET if is_in_place else self.opened.spec.map_offset_of(class_index)
        head = network_output.head or self.learnt.current[0]
        return activation_of(network_output, head, class_index, offset_px)


def beginning(base: TaughtBase, channels: int, teacher: Teacher) -> TaughtModel:
    """The model that a run begins with: what earlier samples teach, or nothing."""
    names = teacher.class_names
    head, temperature = empty_head(channels, names), 1.0
    if teacher.can_fit():
        taught, _ = teacher.fit()
        head, temperature = head_of_every_class(taught, names), taught.temperature
    nothing = (0,) * (len(names) + 1)
    figures = tuple(ClassFigure(name, 0, 0, 0, nothing) for name in (*names, OTHER))
    return TaughtModel(base, head, temperature, figures)


def with_teaching(
    pipeline: Pipeline, opened: OpenedModel, teacher: Teacher, folder: SampleFolder
) -> tuple[Pipeline, LiveTeaching]:
    """The pipeline with keys that take samples, and a model that learns from them.

    Args:
        pipeline: opened.
        opened: its model, of the classes of the teacher and "other".
        teacher: with the samples of earlier runs.
        folder: takes new samples; locked.
    """
    learnt = LearntHead(opened.head, opened.spec.temperature)

    def learn(taught: TaughtHead) -> None:
        head = head_of_every_class(taught, teacher.class_names)
        learnt.current = (head, taught.temperature)

    def save(class_name: str, bgr: BgrImage, stem: str) -> str:
        path = folder.save(class_name, bgr, stem)
        return f"{class_name}/{path.name}"

    teaching = LiveTeaching(
        teacher, save, learn, pipeline.screen_messages.show, last_hold=folder.last_hold()
    )
    for screen in pipeline.screens:
        if isinstance(screen, OffersClassKeys):
            screen.offer_class_keys(keys_of(teacher.class_names))
    screens: Sequence[TeachingScreen] = [
        TeachingScreen(screen, teaching) for screen in pipeline.screens
    ]
    joined = replace(
        pipeline,
        model=TeachableModel(opened, learnt),
        screens=screens,
        sinks=[*pipeline.sinks, teaching],
    )
    return joined, teaching
