"""Figures for Prometheus, taken from the hub when they are asked for."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from livecam.web.streaming.frame_hub import Hub
from livecam.web.streaming.mjpeg_broadcast import Broadcast

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class _Collector:
    def __init__(self, hub: Hub, broadcast: Broadcast, refused: Mapping[int, int]) -> None:
        self._hub, self._broadcast, self._refused = hub, broadcast, refused

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("livecam_frames", "Frames of the source.", self._hub.frames)
        viewers = GaugeMetricFamily("livecam_viewers", "Connections.", labels=["kind"])
        viewers.add_metric(["picture"], self._broadcast.lookers)
        viewers.add_metric(["figures"], self._broadcast.listeners)
        yield viewers
        refused = CounterMetricFamily(
            "livecam_requests_refused", "Requests that were refused.", labels=["status"]
        )
        for status, count in self._refused.items():
            refused.add_metric([str(status)], count)
        yield refused
        yield from self._of_the_frame()

    def _of_the_frame(self) -> Iterator[Metric]:
        newest, age_s = self._hub.newest, self._hub.age_s()
        if newest is None or age_s is None:
            return
        stats, view = newest.annotated.stats, newest.annotated.view
        yield GaugeMetricFamily("livecam_frame_age_seconds", "Since the newest picture.", age_s)
        yield GaugeMetricFamily("livecam_fps", "Frames per second.", stats.fps or 0.0)
        yield GaugeMetricFamily(
            "livecam_latency_seconds", "From frame to picture.", stats.latency_ms / 1000.0
        )
        for name, words, value in (
            ("maximum", "Largest activation of the map.", stats.maximum),
            ("mean", "Mean activation of the map.", stats.mean),
            ("probability", "Probability of the class.", stats.probability),
        ):
            bottleneck = GaugeMetricFamily(f"livecam_class_{name}", words, labels=["class"])
            bottleneck.add_metric([stats.class_name], value)
            yield bottleneck
        yield GaugeMetricFamily("livecam_paused", "1 while held.", float(view.paused))
        yield GaugeMetricFamily("livecam_recording", "1 while recording.", float(view.recording))
        yield CounterMetricFamily(
            "livecam_source_dropped_frames",
            "Frames that were not shown.",
            newest.annotated.frame.drops.total,
        )
        yield CounterMetricFamily(
            "livecam_recorder_dropped_frames", "Dropped frames.", newest.recorder.dropped
        )


class Metrics:
    """The text of /metrics."""

    def __init__(self, hub: Hub, broadcast: Broadcast, refused: Mapping[int, int]) -> None:
        """`refused` counts refusals by status."""
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Collector(hub, broadcast, refused))

    def text(self) -> bytes:
        """All figures of this moment."""
        return bytes(generate_latest(self._registry))
