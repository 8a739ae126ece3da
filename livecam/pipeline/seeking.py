"""Seeking in a clip or a folder: which jump the view asks for, and which frames come next."""

from collections.abc import Iterable

from livecam.core.protocols import Seekable, Source
from livecam.core.seek_and_speed import Jump
from livecam.core.types import Frame, Waiting
from livecam.core.view import View
from livecam.pipeline.screen_messages import NO_JUMP_WHILE_RECORDING, ScreenMessages

PLACE_SHOWN_S = 2.0
"""So long the place is shown after a jump; while the picture stands still it stays."""


class Seeking:
    """Compares what was asked for so far with what was done."""

    def __init__(self, source: Source, screen_messages: ScreenMessages) -> None:
        """`source` is open; without a Seekable nothing is ever asked for."""
        self._source, self._messages = source, screen_messages
        self._seekable = source if isinstance(source, Seekable) and source.can_seek else None
        self._steps = self._frames = 0
        self._jumped_s: float | None = None

    @property
    def is_seekable(self) -> bool:
        """Whether the source can be played from another place."""
        return self._seekable is not None

    def jump_asked(self, view: View) -> Jump | None:
        """The jump that the view asks for since the last one; refused while recording."""
        steps, frames = view.seek_steps - self._steps, view.frame_steps - self._frames
        if self._seekable is None or not (steps or frames < 0):
            return None
        if view.recording:
            self._steps = view.seek_steps
            self._frames = max(self._frames + min(0, frames), view.frame_steps)
            self._messages.post(NO_JUMP_WHILE_RECORDING)
            return None
        return Jump(steps=steps) if steps else Jump(frames_back=-frames)

    def is_frame_asked(self, view: View) -> bool:
        """Whether one more frame is asked for while the picture stands still."""
        return view.frame_steps > self._frames

    def frame_given(self) -> None:
        """One more frame came."""
        self._frames += 1

    def frames_after(
        self, jump: Jump, view: View, shown: Frame, now_s: float
    ) -> Iterable[Frame | Waiting]:
        """The frames after a jump, which is done by that."""
        if self._seekable is None:
            raise RuntimeError("only a source that can be sought is asked for another place")
        self._steps, self._frames = view.seek_steps, view.frame_steps
        self._jumped_s = now_s
        return self._seekable.frames_after(jump, shown)

    def place(self, view: View, shown: Frame, now_s: float) -> str:
        """Where the source stands, while that is to be shown; "" else.

        Of pictures always: it is their name.
        """
        if self._seekable is None:
            return ""
        jumped = self._jumped_s is not None and now_s - self._jumped_s < PLACE_SHOWN_S
        if not (shown.name or view.paused or jumped or view.speed != 1.0):
            return ""
        speed = "" if view.speed == 1.0 else f"  {view.speed:g} x"
        return self._seekable.describe_place(shown) + speed
