"""Measures one segment of a clip, or some pictures: the rows of one part of an archive.

It knows nothing of who calls it: this process, one of a pool, or a machine of a cluster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.assembly.open_model import OpenedModel
from livecam.core.archive.frame_part import FramePart
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.archive.parts import SegmentStart
from livecam.core.class_activation import seen_in
from livecam.core.class_figures import class_figures_of
from livecam.core.crop import network_view
from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.located_object import LocatedObject
from livecam.core.network_size import Look
from livecam.core.types import CropBox, Frame, NetworkOutput, RgbImage
from livecam.core.view import View
from livecam.errors import SourceError, SourceLostError
from livecam.pipeline.class_maps import SeenArea, class_map_of
from livecam.pipeline.object_following import ObjectFollower
from livecam.pipeline.turned_inference import TurnedInference
from livecam.settings.schema import MapSettings
from livecam.sources.files.picture import UnreadablePictureError
from livecam.sources.files.timed_pictures import timed_pictures
from livecam.sources.looked_at_frames import LookedAtFrames
from livecam.sources.segment_frames import SegmentPlan


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """What is measured, alike in every segment.

    Attributes:
        classes: indices of the classes whose figures every row has.
        map: what the network sees of a frame, and where its maps lie.
        spacing_s: seconds between two looks; 0 for every frame.
        segment_s: length of a segment.
        features: whether rows have what the maps are computed from.
        boxes: whether rows have the things in the maps.
        limits: larger pictures are refused.
    """

    classes: tuple[int, ...]
    map: MapSettings = field(default_factory=MapSettings)
    spacing_s: float = 1.0
    segment_s: float = 600.0
    features: bool = False
    boxes: bool = False
    limits: SizeLimits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class SegmentRows:
    """What a segment gave.

    Attributes:
        rows: one a look, in order.
        later: where the clip's later segments begin; of its first one only.
        rate: frames per second of the clip; None where it is not known.
        problem: what could not be read, for the user; "" for nothing.
    """

    rows: list[MeasuredLook]
    later: tuple[SegmentStart, ...] = ()
    rate: float | None = None
    problem: str = ""


def measure_segment(
    model: OpenedModel, path: Path, start: SegmentStart | None, options: MeasureOptions
) -> SegmentRows:
    """Look at the frames of one segment of a clip.

    Args:
        model: the network.
        path: of the clip.
        start: where the segment begins; None for the beginning of the clip.
        options: what is measured.

    Raises:
        SourceError: the clip does not open, or has no frame that can be decoded.
    """
    looker = _Looker(model, options)
    plan = SegmentPlan(options.spacing_s, options.segment_s, looker.look.box_in, start)
    frames = LookedAtFrames(path, plan, options.limits)
    rows = [looker.look_at(part) for part in frames]
    return SegmentRows(rows, frames.later, frames.rate, frames.problem)


@dataclass(frozen=True, slots=True)
class PictureRows:
    """What some pictures gave.

    Attributes:
        rows: one a picture; of an animation one a frame.
        problems: what could not be read, by number of the picture.
    """

    rows: list[MeasuredLook]
    problems: dict[int, str]


def measure_pictures(
    model: OpenedModel, paths: Mapping[int, Path], options: MeasureOptions
) -> PictureRows:
    """Look at some pictures; one that cannot be read is left out.

    Args:
        model: the network.
        paths: of the pictures, by the numbers that rows name them by.
        options: what is measured.
    """
    looker = _Looker(model, options)
    rows: list[MeasuredLook] = []
    problems: dict[int, str] = {}
    for number, path in paths.items():
        try:
            for index, picture in enumerate(timed_pictures(path, options.limits)):
                frame = picture.as_frame(index, picture.time_s, path)
                part = FramePart.of(frame, looker.look.box_in)
                rows.append(looker.look_at(part, number))
        except UnreadablePictureError as error:
            problems[number] = f"{path} {error}{f': {error.advice}' if error.advice else ''}."
        except (SourceError, SourceLostError) as error:
            problems[number] = str(error)
    return PictureRows(rows, problems)


class _Looker:
    """Makes rows of frames."""

    def __init__(self, model: OpenedModel, options: MeasureOptions) -> None:
        self._model, self._options = model, options
        self.look = Look.of(options.map.area, options.map.detail, options.map.place)
        self._infer = TurnedInference(model.infer).infer if self.look.is_exact else model.infer

    def look_at(self, part: FramePart, source: int = 0) -> MeasuredLook:
        """The row of one frame of the source with this number."""
        model, options, frame = self._model, self._options, part.frame
        output = self._infer(self._network_view(part))
        seen = SeenArea(part.box, options.map.area, options.map.place)
        maps = [class_map_of(model, output, index, seen) for index in options.classes]
        seen_class, _ = seen_in(maps[0], model.class_choices)
        return MeasuredLook(
            source=source,
            frame=frame.index,
            time_s=round(frame.time_s, 6),
            at=_with_zone(frame.taken_at),
            width=part.width,
            height=part.height,
            seen=None if seen_class is None else model.labels[seen_class],
            classes=tuple(
                class_figures_of(of, model.labels[of.class_index], seen.area) for of in maps
            ),
            features=_pooled(output) if options.features else None,
            objects=tuple(self._objects(frame, output, seen)) if options.boxes else None,
        )

    def _network_view(self, part: FramePart) -> RgbImage:
        size_px = self.look.network_size_px(part.width, part.height, self._model.input_size)
        box = CropBox(0, 0, part.box.width, part.box.height)
        return network_view(part.frame.bgr, box, size_px)

    def _objects(
        self, frame: Frame, output: NetworkOutput, seen: SeenArea
    ) -> Iterator[LocatedObject]:
        """The things in the map of every class: each look by itself, nothing is followed."""
        for index in self._options.classes:
            view = View(index, self._options.classes, boxes=True)
            shown = class_map_of(self._model, output, index, seen)
            yield from ObjectFollower().objects_in(frame, self._model, shown, view)


def _pooled(output: NetworkOutput) -> npt.NDArray[np.float32]:
    """The mean over all places, float32 [channels]."""
    features = output.features
    return np.asarray(features.reshape(-1, features.shape[2]).mean(0), np.float32)


def _with_zone(at: datetime | None) -> datetime | None:
    """A photograph that names no zone was taken in that of this machine, as far as is known."""
    return at.astimezone() if at is not None and at.tzinfo is None else at
