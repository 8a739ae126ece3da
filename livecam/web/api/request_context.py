"""What the routes share: the hub, the newest frame, the state, the output files."""

from dataclasses import dataclass

from fastapi import HTTPException

from livecam.core.protocols import OutputFiles
from livecam.web.api.response_messages import State
from livecam.web.api.run_info import RunInfo
from livecam.web.api.run_start import RunStart
from livecam.web.api.state_cache import StateCache
from livecam.web.server.sessions import Sessions
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
        run_start: what the run waits for until it begins, then what does not change.
        sessions: the token that requests have to prove, and who has logged in with it.
    """

    hub: FrameHub
    broadcast: MjpegBroadcast
    state_cache: StateCache
    output_files: OutputFiles
    run_start: RunStart
    sessions: Sessions

    @property
    def run_info(self) -> RunInfo:
        """What does not change; 503 until the run begins."""
        if self.run_start.run_info is None:
            raise HTTPException(503, self.run_start.words())
        return self.run_start.run_info

    def latest_frame(self) -> LatestFrame:
        """The newest picture and figures; 503 before the first."""
        if self.hub.newest is None:
            _ = self.run_info  # says what is waited for
            raise HTTPException(503, "there is no picture yet: wait a moment.")
        return self.hub.newest

    def state(self) -> State:
        """Everything that changes."""
        return self.state_cache.state(self.latest_frame())
