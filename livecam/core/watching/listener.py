"""Who is told of events: MQTT, webhooks, commands, the page."""

from datetime import datetime
from typing import Protocol

from livecam.core.watching.watch_event import WatchEvent


class EventListener(Protocol):
    """Is told of events as they come.

    Every call returns at once and raises nothing: what takes time is done in a thread of the
    listener's own. Calls come from one thread.
    """

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """An event has begun.

        Args:
            event: its state is "open".
            picture_jpeg: the picture that it began with and its map; None where there is none.
        """

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """A stronger picture has come; the picture is that one."""

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """It is over, with the picture of the strongest frame; its state says how.

        Its files may still be being written: `files` names those that are there.
        """

    def finished(self, event: WatchEvent) -> None:
        """Its clip is closed: its files are whole. A clip with maps may come later."""

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """A picture was looked at.

        Args:
            camera: its name in the settings; "" where it has none.
            class_name: of a condition.
            probability: of this class in the picture.
            at: when the picture was taken.
        """

    def close(self) -> None:
        """No more calls will come; waits a bounded time for what is still to be sent."""
