"""The state of the newest frame, converted to JSON once for all who read it."""

from livecam.core.protocols import OutputFiles
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
        self._json = ""

    def state(self, frame: LatestFrame) -> State:
        """Everything that changes."""
        return state_of(
            frame,
            age_s=self._hub.age_s() or 0.0,
            viewers=self._viewers.count,
            files=self._output_files,
        )

    def json(self, frame: LatestFrame) -> str:
        """The state as JSON, made anew only when something has changed."""
        age_s = round(self._hub.age_s() or 0.0, 1)
        key = (frame.number, self._viewers.count, self._output_files.revision, age_s)
        if self._key != key:
            self._key, self._json = key, self.state(frame).model_dump_json(by_alias=True)
        return self._json
