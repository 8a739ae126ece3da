"""The web page as a screen of the processing loop: runs the web server in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Self

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.events import Event
from livecam.core.protocols import OutputFiles
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.web.api.application import build_application
from livecam.web.api.request_context import RequestContext
from livecam.web.api.run_info import RunInfo
from livecam.web.api.state_cache import StateCache
from livecam.web.server.listener import Listener
from livecam.web.server.middleware import AccessRules
from livecam.web.server.uvicorn_server import JOIN_TIMEOUT_S, UvicornServer
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast

Say = Callable[[str], None]


class WebScreen:
    """Shows annotated frames in browsers and returns their events; a `protocols.Screen`."""

    def __init__(
        self,
        listener: Listener,
        hub: FrameHub,
        output_files: OutputFiles,
        run_info: RunInfo,
        *,
        say: Say,
    ) -> None:
        """The server starts on entering.

        Args:
            listener: where to serve.
            hub: between the loop and the server.
            output_files: what can be downloaded.
            run_info: what does not change during the run.
            say: is called with the page's address, and with errors.
        """
        self._listener, self._hub, self._say = listener, hub, say
        broadcast = MjpegBroadcast(hub, say=say)
        context = RequestContext(
            hub=hub,
            broadcast=broadcast,
            state_cache=StateCache(hub, broadcast.viewers, output_files),
            output_files=output_files,
            run_info=run_info,
            token=listener.token,
            port=listener.port,
        )
        rules = AccessRules(listener.host_names, listener.token, listener.port)
        self._server = UvicornServer(build_application(context, rules), broadcast, say=say)
        self._is_leaving = False
        self._thread = threading.Thread(target=self._serve, name="livecam-web", daemon=True)

    def __enter__(self) -> Self:
        """Start the server."""
        self._thread.start()
        self._say(self._listener.message)
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections and stop the server."""
        self._is_leaving = True
        self._hub.close()
        self._server.should_exit = True
        self._thread.join(JOIN_TIMEOUT_S)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""
        self._hub.show(annotated)

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Show the status card of a lost source."""
        self._hub.show_status(picture, view)

    def events(self, wait_s: float) -> Sequence[Event]:
        """The events of all pages since the last call."""
        return self._hub.events(wait_s)

    def _serve(self) -> None:
        reason = ""
        try:
            asyncio.run(self._server.serve_on(self._listener))
        except (Exception, SystemExit) as error:
            reason = f" ({type(error).__name__}: {error})"
        if not self._is_leaving:
            self._say(f"the web server stopped unexpectedly{reason}: start livecam again.")
