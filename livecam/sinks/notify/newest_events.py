"""The newest event of each class and its picture: what a broker keeps, also after a new start."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from livecam.core.watching.watch_event import WatchEvent
from livecam.sinks.events.event_files import thumbnail_of
from livecam.sinks.events.event_log import read_events

PicturedEvent = tuple[WatchEvent, bytes | None]
"""An event and its picture as a JPEG, where there is one."""


def newest_events(folder: Path, classes: Mapping[str, Sequence[str]]) -> list[PicturedEvent]:
    """Of each camera and class the newest event that is over, with its picture as a JPEG.

    Args:
        folder: of the events.
        classes: of each camera, by its name, the classes of its events.

    Raises:
        SinkError: the list cannot be read.
    """
    newest = {
        (event.camera, event.class_name): event
        for event in read_events(folder).values()  # in order of their starts
        if event.is_over and event.class_name in classes.get(event.camera, ())
    }
    return [(event, thumbnail_of(folder, event)) for event in newest.values()]
