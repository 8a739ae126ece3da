"""What the routes of the API share."""

from dataclasses import dataclass

from fastapi import HTTPException

from livecam.core.events import Event
from livecam.sinks.recording_index import RecordingIndex
from livecam.web.api.messages import State
from livecam.web.api.run_info import About
from livecam.web.streaming.frame_hub import Hub, OverloadedError, Sight
from livecam.web.streaming.mjpeg_broadcast import Broadcast

OBEYED_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that a request may need.

    Attributes:
        hub: where the loop is met.
        broadcast: who looks.
        recording_index: saved files.
        about: what does not change.
        token: what visitors have to know.
        port: the page's own, part of the cookie's name.
    """

    hub: Hub
    broadcast: Broadcast
    recording_index: RecordingIndex
    about: About
    token: str | None
    port: int

    def sight(self) -> Sight:
        """The newest picture and figures; 503 before the first."""
        if self.hub.newest is None:
            raise HTTPException(503, "there is no picture yet: wait a moment.")
        return self.hub.newest

    def state(self) -> State:
        """Everything that changes."""
        return self.broadcast.state(self.sight())

    async def obeyed(self, event: Event) -> State:
        """Put an event before the loop; the state once it has obeyed."""
        self.sight()
        try:
            ticket = self.hub.ask(event)
        except OverloadedError as error:
            raise HTTPException(503, "too much is waiting: try again in a moment.") from error
        if not await self.broadcast.obeyed(ticket, OBEYED_WITHIN_S):
            raise HTTPException(504, "the source gives no frames: it will be done when it does.")
        return self.state()
