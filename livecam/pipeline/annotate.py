"""One frame's way to a shot: looked at, painted, with its figures drawn."""

import time
from collections.abc import Callable, Iterable, Iterator

from livecam.core import key_bindings
from livecam.core.class_activation import stats_of
from livecam.core.heat_overlay import paint_heat
from livecam.core.hud import draw_hud
from livecam.core.protocols import HeatModel
from livecam.core.timing import RateMeter, Stopwatch
from livecam.core.types import Frame, RecorderState, Shot, View, Waiting
from livecam.pipeline.inference import Looker

Clock = Callable[[], float]


def take_shot(
    frame: Frame,
    looker: Looker,
    view: View,
    *,
    fps: float | None = None,
    recording_s: float | None = None,
    recorder: RecorderState = RecorderState(),  # noqa: B008  (frozen)
    notice: str = "",
    pauses: int = 0,
    gaps: int = 0,
    age_ms: float | None = None,
    limit: str = "",
    clock: Clock = time.perf_counter,
    stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
) -> Shot:
    """Measure and paint one frame."""
    model, look = looker.model, looker.look(frame)
    began_s = clock() - look.took_s
    with stopwatch.timed("heat"):
        activation = model.activation(look.evidence, view.class_index)
        picture = paint_heat(frame.bgr, look.box, activation.grid, view)
    with stopwatch.timed("figures"):
        stats = stats_of(
            activation,
            view.class_index,
            model.labels,
            model.class_choices,
            fps=fps,
            latency_ms=1000.0 * (clock() - began_s),
            age_ms=age_ms,
            model_ms=1000.0 * look.network_s,
        )
        draw_hud(
            picture,
            look.box,
            activation,
            stats,
            view,
            engine=model.engine,
            recording_s=recording_s,
            recorder=recorder,
            notice=notice,
            drops=frame.drops.total,
            limit=limit,
            help_rows=key_bindings.help_rows(),
        )
    return Shot(
        frame, look.box, activation, stats, view, picture, pauses, gaps, recording_s=recording_s
    )


def annotate(
    frames: Iterable[Frame | Waiting],
    model: HeatModel,
    view: View,
    *,
    clock: Clock = time.perf_counter,
) -> Iterator[Shot]:
    """Measure and paint every frame with one fixed view: the loop without a window."""
    rate, looker = RateMeter(), Looker(model, clock=clock)
    for frame in frames:
        if isinstance(frame, Frame):
            yield take_shot(frame, looker, view, fps=rate.tick(clock()), clock=clock)
