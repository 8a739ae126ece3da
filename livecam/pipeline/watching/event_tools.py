"""What the events of one watched source are made with."""

from collections.abc import Callable
from dataclasses import dataclass

from livecam.core.day_records.day_look import DayLook
from livecam.core.watching.event_store import EventStore
from livecam.core.watching.listener import EventListener
from livecam.core.watching.watch_plan import CameraPlan
from livecam.core.watching.watched_source import WatchedSource
from livecam.pipeline.watching.looker import Looker

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class EventTools:
    """What the events of one source are made with.

    Attributes:
        plan: how the source is watched.
        source: gives the clips.
        looker: draws the pictures.
        store: keeps the events.
        listener: is told of them.
        say: receives a line for the log.
        clock: seconds, monotonic.
        on_look: is shown every look; returns at once.
    """

    plan: CameraPlan
    source: WatchedSource
    looker: Looker
    store: EventStore
    listener: EventListener
    say: Say
    clock: Callable[[], float]
    on_look: Callable[[DayLook], None] = lambda _: None
