"""What the routes share: the hub, the newest frame, the state, the output files."""

from dataclasses import dataclass

from fastapi import HTTPException

from livecam.core.protocols import OutputFiles
from livecam.web.api.response_messages import State
from livecam.web.api.run_info import RunInfo
from livecam.web.api.state_cache import StateCache
from livecam.web.streaming.frame_hub import FrameHub, LatestFrame
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast


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
