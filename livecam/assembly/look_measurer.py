"""Makes the rows of an archive of frames: views first, then the network, then the figures.

Decoder, network and classifier each fill the processor's caches. With some frames at a time, each
finds there what it has used just before: a look takes 3 to 6 % less of the processor.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.open_model import OpenedModel
from livecam.core.archive.frame_part import FramePart
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.class_activation import seen_in
from livecam.core.class_figures import class_figures_of
from livecam.core.crop import network_view
from livecam.core.located_object import LocatedObject
from livecam.core.network_size import Look
from livecam.core.types import NETWORK_SIDE_PX, CropBox, Frame, NetworkOutput, RgbImage
from livecam.core.view import View
from livecam.pipeline.class_maps import SeenArea, class_map_of
from livecam.pipeline.object_following import ObjectFollower
from livecam.pipeline.turned_inference import TurnedInference

_TOGETHER_PX = 16 * NETWORK_SIDE_PX**2
"""Views of so many pixels are made together: of larger ones fewer, as all are in memory."""

_View = tuple[FramePart, RgbImage]
"""A frame without its pixels, and what the network sees of it."""


class LookMeasurer:
    """Makes rows of frames.

    Attributes:
        look: how the network looks at them.
    """

    def __init__(self, model: OpenedModel, options: MeasureOptions) -> None:
        """Nothing is looked at yet."""
        self._model, self._options = model, options
        self.look = Look.of(options.map.area, options.map.detail, options.map.place)
        # What the network runs, and what is made of that afterwards.
        self._run: Callable[[RgbImage], Any] = model.runtime.infer
        self._output_of: Callable[[Any], NetworkOutput] = model.output_of
        if self.look.is_exact:
            self._run, self._output_of = TurnedInference(model.infer).infer, _as_it_is

    def rows_of(self, parts: Iterable[FramePart], source: int = 0) -> Iterator[MeasuredLook]:
        """The rows of some frames of the source with this number, in order.

        What `parts` raises comes before the rows of the frames that were made with it.
        """
        views = map(self._view_of, parts)
        for first in views:
            pixels = first[1].shape[0] * first[1].shape[1]
            together = [first, *islice(views, max(1, _TOGETHER_PX // pixels) - 1)]
            ran = [self._run(rgb) for _, rgb in together]
            for (part, _), of_network in zip(together, ran, strict=True):
                yield self._row(part, self._output_of(of_network), source)

    def _view_of(self, part: FramePart) -> _View:
        size_px = self.look.network_size_px(part.width, part.height, self._model.input_size)
        box = CropBox(0, 0, part.box.width, part.box.height)
        rgb = network_view(part.frame.bgr, box, size_px)
        return part.without_pixels(), rgb

    def _row(self, part: FramePart, output: NetworkOutput, source: int) -> MeasuredLook:
        model, options, frame = self._model, self._options, part.frame
        seen = SeenArea(part.box, options.map.area, options.map.place)
        maps = [class_map_of(model, output, index, seen) for index in options.classes]
        seen_class, _ = seen_in(output, model.class_choices)
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

    def _objects(
        self, frame: Frame, output: NetworkOutput, seen: SeenArea
    ) -> Iterator[LocatedObject]:
        """The things in the map of every class: each look by itself, nothing is followed."""
        for index in self._options.classes:
            view = View(index, self._options.classes, boxes=True)
            shown = class_map_of(self._model, output, index, seen)
            yield from ObjectFollower().objects_in(frame, self._model, shown, view)


def _as_it_is(output: NetworkOutput) -> NetworkOutput:
    return output


def _pooled(output: NetworkOutput) -> npt.NDArray[np.float32]:
    """The mean over all places, float32 [channels]."""
    features = output.features
    return np.asarray(features.reshape(-1, features.shape[2]).mean(0), np.float32)


def _with_zone(at: datetime | None) -> datetime | None:
    """A photograph that names no zone was taken in that of this machine, as far as is known."""
    return at.astimezone() if at is not None and at.tzinfo is None else at
