"""What the routes of the page of watched sources share."""

from dataclasses import dataclass

from livecam.core.watching.event_list import EventList
from livecam.web.server.sessions import Sessions
from livecam.web.watching.watch_broadcast import WatchBroadcast
from livecam.web.watching.watch_hub import WatchHub


@dataclass(frozen=True, slots=True)
class WatchContext:
    """Everything that a request may need.

    Attributes:
        title: what is shown: the name of the events folder.
        hub: the cameras; none of them where an earlier run's events are shown.
        events: of the folder.
        broadcast: what changes, and the viewers.
        sessions: the token that requests have to prove, and who has logged in with it.
    """

    title: str
    hub: WatchHub
    events: EventList
    broadcast: WatchBroadcast
    sessions: Sessions
