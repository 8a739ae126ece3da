"""The looked-at frames of a segment of a clip: decoded sparingly, or in order where it must be."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import av

from livecam.core.archive.frame_part import FramePart
from livecam.core.archive.look_schedule import LookSchedule
from livecam.core.input_limits import SizeLimits, TooLargeError
from livecam.errors import SourceLostError
from livecam.native.ffmpeg_url import file_url
from livecam.sources.clip import Clip
from livecam.sources.decoding.size_guard import size_options
from livecam.sources.key_frames import NotPlainError
from livecam.sources.segment_frames import SegmentFrames, SegmentPlan

if TYPE_CHECKING:
    from livecam.core.archive.parts import SegmentStart


class LookedAtFrames:
    """The frames of one segment, once; a clip that is not plain is one segment.

    Attributes:
        later: where the segments after the first one begin; known after the first one.
        rate: frames per second; None where it is not known.
        problem: what could not be read, for the user; "" for nothing; known at the end.
    """

    def __init__(self, path: Path, plan: SegmentPlan, limits: SizeLimits) -> None:
        """Open nothing yet."""
        self._path, self._plan, self._limits = path, plan, limits
        self.later: tuple[SegmentStart, ...] = ()
        self.rate: float | None = None
        self.problem = ""

    def __iter__(self) -> Iterator[FramePart]:
        """The frames, in order.

        Raises:
            SourceError: the clip does not open, or has no frame that can be decoded.
        """
        after_s = -1.0
        try:
            for part in self._sparingly():
                after_s = part.frame.time_s
                yield part
        except (NotPlainError, av.error.FFmpegError, TooLargeError, ValueError, OSError):
            # The clip as a source says what is wrong, and gives what there is.
            self.later, self.problem = (), ""
            yield from self._in_order(after_s)

    def _sparingly(self) -> Iterator[FramePart]:
        with ExitStack() as stack:
            options = size_options(self._limits)
            container = stack.enter_context(av.open(file_url(self._path), options=options))
            frames = SegmentFrames(container, self._plan, self._limits)
            self.rate = frames.rate
            yield from frames
            self.later = tuple(frames.later)
            if frames.loss:
                self.problem = f"{self._path} is damaged: {frames.loss}."

    def _in_order(self, after_s: float) -> Iterator[FramePart]:
        """Those that come after a time, of every frame decoded from the beginning."""
        start = self._plan.start
        begins_s = 0.0 if start is None else start.begins_s
        ends_s = None if start is None else start.ends_s
        schedule = LookSchedule(self._plan.spacing_s)
        if after_s >= 0:
            schedule.looked_at(after_s)
        with Clip(self._path, self._limits) as clip:
            self.rate = clip.rate
            try:
                for frame in clip:
                    if ends_s is not None and frame.time_s >= ends_s:
                        return
                    is_wanted = frame.time_s >= begins_s and frame.time_s > after_s
                    if is_wanted and schedule.is_due(frame.time_s):
                        schedule.looked_at(frame.time_s)
                        yield FramePart.of(frame, self._plan.choose_part)
            except SourceLostError as error:
                self.problem = str(error)
