"""GET /metrics of the page of watched sources: what a Prometheus collects of them."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from livecam.core.printable_text import printable
from livecam.core.watching.watch_state import CameraState
from livecam.web.api.routes.metrics import connection_metrics
from livecam.web.watching.watch_context import WatchContext


class WatchCollector:
    """The figures of the cameras."""

    def __init__(self, context: WatchContext, refused: Mapping[int, int]) -> None:
        """`refused` counts refused requests by status."""
        self._context, self._refused = context, refused

    def collect(self) -> Iterator[Metric]:
        """All figures, as they are now."""
        hub = self._context.hub
        going_on = len(self._context.events.going_on())
        yield GaugeMetricFamily("livecam_events_going_on", "Events that go on.", going_on)
        yield from connection_metrics(self._context.broadcast.viewers, self._refused)
        begun = CounterMetricFamily(
            "livecam_camera_events", "Events that have begun.", labels=["camera"]
        )
        for camera in hub.cameras:
            begun.add_metric([printable(camera.name)], camera.events)
        yield begun
        yield self._gauge("unseen_seconds", "Since it was looked at.", hub.unseen_s)
        yield self._gauge("waiting", "1 while it is waited for.", lambda c: bool(c.waiting_for))
        yield self._gauge("still", "1 while its picture stands still.", lambda c: c.is_still)
        yield self._probabilities()

    def _gauge(
        self, name: str, description: str, value_of: Callable[[CameraState], float]
    ) -> Metric:
        """A figure of each camera that is watched."""
        metric = GaugeMetricFamily(f"livecam_camera_{name}", description, labels=["camera"])
        for camera in self._context.hub.cameras:
            if not camera.is_over:
                metric.add_metric([printable(camera.name)], float(value_of(camera)))
        return metric

    def _probabilities(self) -> Metric:
        metric = GaugeMetricFamily(
            "livecam_class_probability", "Probability of the class.", labels=["camera", "class"]
        )
        for camera in self._context.hub.cameras:
            for name, of in (camera.last.classes if camera.last else {}).items():
                metric.add_metric([printable(camera.name), printable(name)], of.probability)
        return metric
