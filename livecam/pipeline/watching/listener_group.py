"""Several listeners as one; what one of them gets wrong stops neither the others nor the loop."""

from collections.abc import Callable, Sequence
from datetime import datetime

from livecam.core.formatting import reason_of
from livecam.core.watching.listener import EventListener
from livecam.core.watching.watch_event import WatchEvent


class ListenerGroup:
    """Tells every listener; an EventListener."""

    def __init__(self, listeners: Sequence[EventListener], say: Callable[[str], None]) -> None:
        """`say` gets a line where one of them raises, which none should."""
        self._listeners, self._say = tuple(listeners), say

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._tell(lambda one: one.started(event, picture_jpeg))

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._tell(lambda one: one.updated(event, picture_jpeg))

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._tell(lambda one: one.ended(event, picture_jpeg))

    def finished(self, event: WatchEvent) -> None:
        """Tell all."""
        self._tell(lambda one: one.finished(event))

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """Tell all."""
        self._tell(lambda one: one.looked(camera, class_name, probability, at))

    def close(self) -> None:
        """Close all."""
        self._tell(lambda one: one.close())

    def _tell(self, call: Callable[[EventListener], None]) -> None:
        for listener in self._listeners:
            try:
                call(listener)
            except Exception as error:
                self._say(f"{type(listener).__name__} failed: {reason_of(error)}")
