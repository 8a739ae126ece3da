"""What the routes share: the newest frame, the state, and how an event is applied."""

from dataclasses import dataclass

from fastapi import HTTPException

from livecam.core.events import Event
from livecam.core.protocols import OutputFiles
from livecam.web.api.response_messages import State
from livecam.web.api.run_info import RunInfo
from livecam.web.api.state_cache import StateCache
from livecam.web.streaming.frame_hub import FrameHub, LatestFrame, TooManyEventsError
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast

APPLY_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Everything that a request may need.

    Attributes:
        hub: between the loop and the server.
        broadcast: the pictures, and the viewers.
        state_cache: the state as JSON.
        output_files: recordings and snapshots.
        run_info: what does not change.
        token: the secret that requests have to prove; None where none is needed.
        port: the server's own, part of the cookie's name.
    """

    hub: FrameHub
    broadcast: MjpegBroadcast
    state_cache: StateCache
    output_files: OutputFiles
    run_info: RunInfo
    token: str | None
    port: int

    def latest_frame(self) -> LatestFrame:
        """The newest picture and figures; 503 before the first."""
        if self.hub.newest is None:
            raise HTTPException(503, "there is no picture yet: wait a moment.")
        return self.hub.newest

    def state(self) -> State:
        """Everything that changes."""
        return self.state_cache.state(self.latest_frame())

    async def apply(self, event: Event) -> State:
        """Let the loop apply an event; returns the state after it."""
        self.latest_frame()
        try:
            number = self.hub.submit(event)
        except TooManyEventsError as error:
            raise HTTPException(503, "too many commands are pending: try again.") from error
        if not await self.broadcast.wait_until_applied(number, APPLY_TIMEOUT_S):
            raise HTTPException(
                504, "the source gives no frames: the command is applied with the next one."
            )
        return self.state()
