"""One frame annotated: network result, activation map, heat overlay, figures."""

import time
from collections.abc import Callable, Iterable, Iterator

from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.heat_overlay import paint_heat
from livecam.core.hud import draw_hud
from livecam.core.protocols import ActivationModel
from livecam.core.timing import RateMeter
from livecam.core.types import Frame, Waiting
from livecam.core.view import View
from livecam.pipeline.inference import Inference


def annotate_frame(
    frame: Frame, inference: Inference, view: View, status: RunStatus | None = None
) -> AnnotatedFrame:
    """Measure and paint one frame.

    Args:
        frame: as the source gave it; not changed.
        inference: looks the frame up, or runs the network on it.
        view: which class, and how it is drawn.
        status: what the run knows beside the frame; None for nothing.
    """
    status = status or RunStatus()
    model, result = inference.model, inference.result_for(frame)
    began_s = inference.clock() - result.took_s
    with inference.stopwatch.timed("heat"):
        activation = model.activation(result.network_output, view.class_index)
        picture = paint_heat(frame.bgr, result.box, activation.grid, view)
    with inference.stopwatch.timed("figures"):
        timing = FrameTiming(
            fps=status.fps,
            latency_ms=1000.0 * (inference.clock() - began_s),
            age_ms=status.age_ms,
            model_ms=1000.0 * result.network_s,
        )
        stats = stats_of(activation, view.class_index, model.labels, model.class_choices, timing)
        annotated = AnnotatedFrame(frame, result.box, activation, stats, view, picture, status)
        draw_hud(annotated, engine=model.engine)
    return annotated


def annotate(
    frames: Iterable[Frame | Waiting],
    model: ActivationModel,
    view: View,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[AnnotatedFrame]:
    """Measure and paint every frame with one fixed view: the loop without a window."""
    rate, inference = RateMeter(), Inference(model, clock=clock)
    for frame in frames:
        if isinstance(frame, Frame):
            yield annotate_frame(frame, inference, view, RunStatus(fps=rate.tick(clock())))
