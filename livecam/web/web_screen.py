"""The web page as a screen of the processing loop: runs the web server in a thread of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.events import Event
from livecam.core.protocols import OutputFiles
from livecam.core.status_card import StatusCard
from livecam.core.types import Waiting
from livecam.core.view import View
from livecam.web.api.application import build_application
from livecam.web.api.request_context import RequestContext
from livecam.web.api.run_info import RunInfo
from livecam.web.api.run_start import RunStart
from livecam.web.api.state_cache import StateCache
from livecam.web.server.listener import Listener
from livecam.web.server.middleware import AccessRules
from livecam.web.server.page_server import PageServer, Say
from livecam.web.server.sessions import Sessions
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast


class WebScreen:
    """Shows annotated frames in browsers and returns their events; a `protocols.Screen`.

    It answers from its entering on: until the run begins with what is waited for.
    """

    def __init__(
        self,
        listener: Listener,
        hub: FrameHub,
        output_files: OutputFiles,
        source: str,
        *,
        say: Say,
        show_link: Say = lambda _: None,
    ) -> None:
        """The server starts on entering.

        Args:
            listener: where to serve.
            hub: between the loop and the server.
            output_files: what can be downloaded.
            source: its title, without credentials.
            say: is called with the page's address, and with errors.
            show_link: is called with a link that telephones in the network may open.
        """
        self._hub, self._run_start = hub, RunStart(source, has_guests=listener.guests)
        broadcast = MjpegBroadcast(hub, say=say)
        sessions = Sessions(listener.token, listener.port)
        context = RequestContext(
            hub=hub,
            broadcast=broadcast,
            state_cache=StateCache(hub, broadcast.viewers, output_files),
            output_files=output_files,
            run_start=self._run_start,
            sessions=sessions,
        )
        rules = AccessRules(listener.host_names, sessions, guests=listener.guests)
        application = build_application(context, rules)
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
        self._hub.close()
        self._server.close()

    def show_opening(self, waiting: Waiting) -> None:
        """Show what is being opened or loaded before the run."""
        self._run_start.waiting = waiting

    def begin_run(self, run_info: RunInfo, recorder_state: Callable[[], RecorderState]) -> None:
        """The run begins.

        Args:
            run_info: what does not change during the run.
            recorder_state: gives the recorder's state.
        """
        self._hub.begin_run(recorder_state)
        self._run_start.run_info = run_info

    def offer_class_keys(self, keys: Mapping[str, str]) -> None:
        """Classes are taught: the page gets a button for each; see protocols.OffersClassKeys."""
        if self._run_start.run_info is not None:
            self._run_start.run_info = replace(self._run_start.run_info, class_keys=keys)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""
        self._hub.show(annotated)

    def show_status(self, card: StatusCard, view: View) -> None:
        """Show the status card of a lost source."""
        self._hub.show_status(card, view)

    def events(self, wait_s: float) -> Sequence[Event]:
        """The events of all pages since the last call."""
        return self._hub.events(wait_s)
