"""Where events are kept, as the loop sees it."""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, Protocol

from livecam.core.types import BgrImage
from livecam.core.watching.watch_event import WatchEvent


class EventStore(Protocol):
    """Keeps the list of events and their files."""

    @property
    def ids(self) -> Container[str]:
        """Ids that are given already."""

    def append(self, event: WatchEvent) -> None:
        """Add the present state of an event to the list; of its files those that are there.

        Raises:
            SinkError: it could not be written.
        """

    def has_room(self) -> bool:
        """Whether the disk has room for a clip that begins now."""

    def clip_path(self, event: str) -> Path:
        """Where the clean clip of an event goes; its folder is there.

        Raises:
            SinkError: the folder cannot be made.
        """

    def add_figures(self, event: str, record: Mapping[str, Any]) -> None:
        """Add the figures of one look.

        Raises:
            SinkError: they could not be written.
        """

    def move_figures(self, event: str, by_s: float) -> None:
        """Let the figures of an event count from a beginning that is so much later.

        Raises:
            SinkError: they could not be written; they are as they were.
        """

    def save_thumbnail(self, event: str, picture: BgrImage) -> bytes:
        """Keep a picture of an event instead of the one before; gives its JPEG, not enlarged.

        Raises:
            SinkError: it could not be written.
        """
