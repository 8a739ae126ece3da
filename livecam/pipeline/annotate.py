"""One frame annotated: network result, activation map, heat overlay, figures."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from livecam.core.annotated_frame import AnnotatedFrame, RunStatus, Stats
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.class_following import ClassFollower
from livecam.core.class_map import ClassMap
from livecam.core.heat_overlay import paint_heat
from livecam.core.picture_memory import Allocate, fresh
from livecam.core.protocols import ActivationModel
from livecam.core.timing import RateMeter
from livecam.core.types import BgrImage, Frame, NetworkOutput, Waiting
from livecam.core.view import View
from livecam.pipeline.capture_time import Now, local_now, taken_at
from livecam.pipeline.class_maps import SeenArea, class_map_of, figures_of_classes
from livecam.pipeline.inference import Inference

if TYPE_CHECKING:  # imported where a view asks for boxes, or for a pair of classes
    from livecam.core.class_figures import ClassFigures
    from livecam.core.located_object import LocatedObject
    from livecam.pipeline.object_following import ObjectFollower


def annotate_frame(
    frame: Frame,
    inference: Inference,
    view: View,
    status: RunStatus | None = None,
    *,
    follower: "ObjectFollower | None" = None,
    draws_later: bool = False,
    allocate: Allocate = fresh,
) -> AnnotatedFrame:
    """Measure and paint one frame.

    Args:
        frame: as the source gave it; not changed.
        inference: looks the frame up, or runs the network on it.
        view: which class, and how it is drawn.
        status: what the run knows beside the frame; None for nothing.
        follower: finds the things in the map, where the view asks for them; None for a frame by
            itself.
        draws_later: whether square and figures are drawn when somebody records or saves the
            picture, and then on a copy: screens need the one without, and a log needs none.
        allocate: gives the memory that pictures are painted in.
    """
    status = status or RunStatus()
    inference.look = view.look
    model, result = inference.model, inference.result_for(frame)
    began_s, output = inference.clock() - result.took_s, result.network_output
    seen = SeenArea(result.box, view.area, view.place)
    with inference.stopwatch.timed("heat"):
        shown = class_map_of(model, output, view.class_index, seen)
        second = _second_of_pair(model, output, view, seen)
        painted = paint_heat(frame.bgr, shown.placement, shown.grid, view, allocate, second=second)
    with inference.stopwatch.timed("boxes") if view.boxes else nullcontext():
        objects = objects_in(frame, model, shown, view, follower)
    with inference.stopwatch.timed("figures"):
        timing = FrameTiming(
            fps=status.fps,
            latency_ms=1000.0 * (inference.clock() - began_s),
            age_ms=status.age_ms,
            model_ms=1000.0 * result.network_s,
        )
        stats = _stats_of(shown, model, view, seen, timing)
        drawing, offset_px = _drawing_of if draws_later else None, shown.placement.offset_px
        annotated = AnnotatedFrame(
            frame, result.box, shown.activation, stats, view, painted, status, "", drawing,
            offset_px, objects, second, allocate,
        )  # fmt: skip
        if not draws_later:
            _drawing_of(annotated)(painted)
    return annotated


def _stats_of(
    shown: ClassMap, model: ActivationModel, view: View, seen: SeenArea, timing: FrameTiming
) -> Stats:
    """The figures of the shown class; those of several are computed where a record needs them."""
    stats = stats_of(shown, model.labels, model.class_choices, timing)
    if not view.measured:
        return stats
    output = shown.network_output
    return replace(stats, measured=partial(figures_of_classes, model, output, view.measured, seen))


def follower_for(view: View) -> "ObjectFollower | None":
    """What follows things from frame to frame; None for a view that asks for no boxes."""
    if not view.boxes:
        return None
    from livecam.pipeline.object_following import ObjectFollower

    return ObjectFollower()


def objects_in(
    frame: Frame,
    model: ActivationModel,
    shown: ClassMap,
    view: View,
    follower: "ObjectFollower | None" = None,
) -> "tuple[LocatedObject, ...]":
    """The things in the map, where the view asks for them.

    Args:
        frame: where they are.
        model: the network.
        shown: the map.
        view: whether it asks for boxes.
        follower: follows them from frame to frame; None for a frame by itself.
    """
    follower = follower or follower_for(view)
    return () if follower is None else follower.objects_in(frame, model, shown, view)


def _second_of_pair(
    model: ActivationModel, output: NetworkOutput, view: View, seen: SeenArea
) -> "ClassFigures | None":
    """The class that is drawn beside the first one; None where one is drawn alone."""
    if view.second_class is None:
        return None
    figures = figures_of_classes(model, output, (view.second_class,), seen)
    return next(iter(figures.values()))


def _drawing_of(annotated: AnnotatedFrame) -> Callable[[BgrImage], None]:
    # Late: where nobody takes the pictures, starting takes none of the time of fonts and panels.
    from livecam.core.annotated_picture import annotations_of

    return annotations_of(annotated).put


def annotate(
    frames: Iterable[Frame | Waiting],
    model: ActivationModel,
    view: View,
    *,
    clock: Callable[[], float] = time.perf_counter,
    now: Now = local_now,
) -> Iterator[AnnotatedFrame]:
    """Measure and paint every frame with one view: the loop without a window."""
    rate, inference, class_follower = RateMeter(), Inference(model, clock=clock), ClassFollower()
    follower = follower_for(view)
    for frame in frames:
        if isinstance(frame, Frame):
            status = RunStatus(fps=rate.tick(clock()), at=taken_at(frame, clock, now))
            inference.look = view.look
            view = class_follower.view_of(view, frame, inference.result_for(frame).network_output)
            yield annotate_frame(frame, inference, view, status, follower=follower)
