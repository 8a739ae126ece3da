"""Tells a web server, or a command, of the moments of events."""

from collections.abc import Callable, Collection
from datetime import datetime

from livecam.core.notifying.notification import Moment, Notification
from livecam.core.notifying.outgoing_queue import Outgoing
from livecam.core.watching.watch_event import WatchEvent, event_record
from livecam.sinks.notify.delivery import Delivery

CLOSING_S = 10.0
ALL_MOMENTS: Collection[Moment] = ("start", "update", "end")


class MomentListener:
    """Implements EventListener: sends each moment that is wanted, one after another."""

    def __init__(
        self,
        delivery: Delivery[Notification],
        moments: Collection[Moment] = ALL_MOMENTS,
        *,
        closing_s: float = CLOSING_S,
        ends_when_finished: bool = False,
    ) -> None:
        """Send nothing yet.

        Args:
            delivery: sends.
            moments: which ones.
            closing_s: so long it may take at the end.
            ends_when_finished: whether the end is told when the files of the event are whole.
        """
        self.delivery, self._moments, self._closing_s = delivery, moments, closing_s
        self._ends_when_finished = ends_when_finished

    def change(
        self, send: Callable[[Notification], None], receiver: str, *, closing_s: float
    ) -> None:
        """Send in another way from now on, also what waits; see Delivery.change."""
        self._closing_s = closing_s
        self.delivery.change(send, receiver)

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """An event has begun."""
        self._tell("start", event, picture_jpeg)

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """A stronger picture has come; the moments before wait no longer for one that is weaker."""
        self._tell("update", event, picture_jpeg)

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """It is over."""
        if not self._ends_when_finished:
            self._tell("end", event, picture_jpeg)

    def finished(self, event: WatchEvent) -> None:
        """Its files are whole."""
        if self._ends_when_finished:
            self._tell("end", event, None)

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """Nobody is told of single looks."""

    def close(self) -> None:
        """Send what waits."""
        self.delivery.close(self._closing_s)

    def _tell(self, moment: Moment, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        if moment in self._moments:
            notification = Notification(moment, event_record(event), picture_jpeg)
            message = Outgoing(notification, notification.size_bytes, moment == "update")
            self.delivery.put(message)
