"""The page of watched sources and their events: runs the web server in a thread of its own."""

from typing import Self

from livecam.core.watching.event_list import EventList
from livecam.core.watching.watch_state import WatchState
from livecam.web.server.listener import Listener
from livecam.web.server.middleware import AccessRules
from livecam.web.server.page_server import PageServer, Say
from livecam.web.server.sessions import Sessions
from livecam.web.watching.watch_application import build_watch_application
from livecam.web.watching.watch_broadcast import WatchBroadcast
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_hub import DrawLook, WatchHub


class WatchScreen:
    """Shows cameras and events in browsers; every call returns at once, whoever watches."""

    def __init__(
        self,
        listener: Listener,
        events: EventList,
        title: str,
        *,
        is_watching: bool,
        say: Say,
        show_link: Say = lambda _: None,
    ) -> None:
        """The server starts on entering.

        Args:
            listener: where to serve.
            events: of the folder.
            title: what the page calls it.
            is_watching: whether `show` will be called; else only events are shown.
            say: is called with the page's address, and with errors.
            show_link: is called with a link that telephones in the network may open.
        """
        self._hub = WatchHub(is_watching=is_watching)
        broadcast = WatchBroadcast(self._hub, events)
        sessions = Sessions(listener.token, listener.port)
        context = WatchContext(title, self._hub, events, broadcast, sessions)
        application = build_watch_application(context, AccessRules(listener.host_names, sessions))
        self._server = PageServer(listener, application, broadcast, say=say, show_link=show_link)

    def __enter__(self) -> Self:
        """Start the server."""
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.close()

    def close(self) -> None:
        """Close all connections and stop the server; harmless when that was done."""
        self._server.close()

    def draw_with(self, draw: DrawLook) -> None:
        """What makes the picture that is shown of a look; called in the server's thread."""
        self._hub.draw = draw

    def show(self, state: WatchState) -> None:
        """Take how watching goes; it may be given far more often than it changes."""
        self._hub.show(state)
