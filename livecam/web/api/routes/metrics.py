"""GET /metrics: figures of the run for Prometheus."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from livecam.core.annotated_frame import Stats
from livecam.core.printable_text import printable
from livecam.web.api.request_context import RequestContext
from livecam.web.api.routes.route_responses import ERRORS
from livecam.web.streaming.viewers import Viewers


class Collector(Protocol):
    """What a page says of itself, as prometheus_client asks for it."""

    def collect(self) -> Iterator[Metric]:
        """All figures, as they are now."""


def metrics_route(collector: Collector) -> APIRouter:
    """The route of the metrics."""
    router = APIRouter(tags=["machines"])
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)

    @router.get("/metrics", response_class=Response, responses=ERRORS)
    async def prometheus() -> Response:
        """Figures for Prometheus."""
        headers = {"content-type": CONTENT_TYPE_PLAIN_0_0_4}
        return Response(bytes(generate_latest(registry)), headers=headers)

    return router


def connection_metrics(viewers: Viewers, refused: Mapping[int, int]) -> Iterator[Metric]:
    """Who is connected; `refused` counts refused requests by status."""
    connected = GaugeMetricFamily("livecam_viewers", "Connections.", labels=["kind"])
    connected.add_metric(["picture"], viewers.pictures)
    connected.add_metric(["figures"], viewers.figures)
    yield connected
    counts = CounterMetricFamily(
        "livecam_requests_refused", "Requests that were refused.", labels=["status"]
    )
    for status, count in refused.items():
        counts.add_metric([str(status)], count)
    yield counts


class RunCollector:
    """The figures of a run."""

    def __init__(self, context: RequestContext, refused: Mapping[int, int]) -> None:
        """`refused` counts refused requests by status."""
        self._hub, self._viewers, self._refused = context.hub, context.broadcast.viewers, refused

    def collect(self) -> Iterator[Metric]:
        """All figures, as they are now."""
        yield CounterMetricFamily("livecam_frames", "Frames of the source.", self._hub.frames)
        yield from connection_metrics(self._viewers, self._refused)
        yield from self._frame_metrics()

    def _frame_metrics(self) -> Iterator[Metric]:
        newest, age_s = self._hub.newest, self._hub.age_s()
        if newest is None or age_s is None:
            return
        stats, view = newest.annotated.stats, newest.annotated.view
        yield GaugeMetricFamily("livecam_frame_age_seconds", "Since the newest picture.", age_s)
        yield GaugeMetricFamily("livecam_fps", "Frames per second.", stats.fps or 0.0)
        yield GaugeMetricFamily(
            "livecam_latency_seconds", "From frame to picture.", stats.latency_ms / 1000.0
        )
        yield from _class_metrics(stats)
        yield GaugeMetricFamily("livecam_paused", "1 while paused.", float(view.paused))
        yield GaugeMetricFamily("livecam_recording", "1 while recording.", float(view.recording))
        yield CounterMetricFamily(
            "livecam_source_dropped_frames",
            "Frames that were not shown.",
            newest.annotated.frame.drops.total,
        )
        yield CounterMetricFamily(
            "livecam_recorder_dropped_frames", "Dropped frames.", newest.recorder.dropped
        )


def _class_metrics(stats: Stats) -> Iterator[Metric]:
    for name, description, value in (
        ("maximum", "Largest activation of the map.", stats.maximum),
        ("mean", "Mean activation of the map.", stats.mean),
        ("probability", "Probability of the class.", stats.probability),
    ):
        metric = GaugeMetricFamily(f"livecam_class_{name}", description, labels=["class"])
        metric.add_metric([printable(stats.class_name)], value)
        yield metric
