"""The state of the newest frame, converted to JSON once for all who read it."""

from livecam.core.protocols import OutputFiles
from livecam.web.api.guest_view import state_for_guests
from livecam.web.api.response_messages import State
from livecam.web.api.state_json import state_of
from livecam.web.streaming.frame_hub import FrameHub, LatestFrame
from livecam.web.streaming.viewers import Viewers


class StateCache:
    """Makes State messages, and keeps the newest one as JSON."""

    def __init__(self, hub: FrameHub, viewers: Viewers, output_files: OutputFiles) -> None:
        """The state includes the frame's age, the number of viewers, and that of files."""
        self._hub, self._viewers, self._output_files = hub, viewers, output_files
        self._key: tuple[float, ...] = ()
        self._state: State | None = None
        self._json: dict[bool, str] = {}  # by whether it is for guests

    def state(self, frame: LatestFrame) -> State:
        """Everything that changes."""
        return state_of(
            frame,
            age_s=self._hub.age_s() or 0.0,
            viewers=self._viewers.count,
            files=self._output_files,
        )

    def json(self, frame: LatestFrame, *, for_guests: bool = False) -> str:
        """The state as JSON, made anew only when something has changed."""
        age_s = round(self._hub.age_s() or 0.0, 1)
        key = (frame.number, self._viewers.count, self._output_files.revision, age_s)
        if self._key != key or self._state is None:
            self._key, self._state, self._json = key, self.state(frame), {}
        if for_guests not in self._json:
            state = state_for_guests(self._state) if for_guests else self._state
            self._json[for_guests] = state.model_dump_json(by_alias=True)
        return self._json[for_guests]
