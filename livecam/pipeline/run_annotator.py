"""Annotates the frames of a run, each with what the run knows beside it at that moment."""

from dataclasses import replace

from livecam.core.annotated_frame import NO_RATES, AnnotatedFrame, Rates, RunStatus
from livecam.core.types import Frame, InferenceResult
from livecam.pipeline.annotate import annotate_frame, follower_for
from livecam.pipeline.capture_time import taken_at
from livecam.pipeline.event_handling import EventHandler
from livecam.pipeline.frame_judge import FrameJudge
from livecam.pipeline.picture_buffers import PictureBuffers
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.recording_clock import RecordingClock
from livecam.pipeline.seeking import Seeking


class RunAnnotator:
    """Everything that one frame after the other is annotated with.

    Attributes:
        inference: runs the network, once for each frame.
        judge: of the frame on the screen, while that is asked for.
        fps: frames per second, measured last, shown with the frames that come; None without.
        age_ms: the same of the age of a picture.
        rates: the same of what each stage could do.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        events: EventHandler,
        recording: RecordingClock,
        seeking: Seeking,
    ) -> None:
        """Begin with the view of `events`; all three are asked anew for each frame."""
        self._pipeline, self._events = pipeline, events
        self._recording, self._seeking = recording, seeking
        self.inference = pipeline.create_inference()
        self.inference.look = events.view.look
        self.judge = FrameJudge(self.inference)
        self._follower, self._buffers = follower_for(events.view), PictureBuffers()
        self.fps: float | None = None
        self.age_ms: float | None = None
        self.rates: Rates = NO_RATES
        self._title = pipeline.source.title

    def annotated(self, frame: Frame, *, stands_still: bool = False) -> AnnotatedFrame:
        """A frame as it is to be shown now; `stands_still` where it is held.

        Where the class follows what is seen, that is decided here.
        """
        pipeline, events = self._pipeline, self._events
        source = pipeline.source
        if source.is_live and source.title != self._title:  # another camera
            self._title = source.title
            self.inference.begin_anew()
        self.inference.look = events.view.look
        result = self.inference.result_for(frame)
        events.follow(frame, result)
        self._follower = self._follower or follower_for(events.view)
        return annotate_frame(
            frame,
            self.inference,
            events.view,
            self._status_of(frame, result, stands_still=stands_still),
            follower=self._follower,
            draws_later=bool(pipeline.screens) or pipeline.recorder is None,
            allocate=self._buffers.take,
        )

    def _status_of(self, frame: Frame, result: InferenceResult, *, stands_still: bool) -> RunStatus:
        """What is known beside a frame at this moment."""
        pipeline, view, recording = self._pipeline, self._events.view, self._recording
        return RunStatus(
            fps=None if stands_still else self.fps,
            stands_still=stands_still,
            age_ms=self.age_ms,
            recording_s=self.recording_s(frame.time_s),
            recorder=pipeline.recorder_state(),
            message=pipeline.screen_messages.current(),
            place=self._seeking.place(view, frame, pipeline.clock()),
            pauses=recording.pauses,
            gaps=recording.gaps,
            rates=self.rates,
            judgement=self.judge.judgement(view, frame, result),
            at=taken_at(frame, pipeline.clock, pipeline.now),
            engine=pipeline.model.engine,
            source=pipeline.source.title,
            shows_rate=pipeline.shows_rate,
        )

    def with_present_status(self, annotated: AnnotatedFrame) -> AnnotatedFrame:
        """A frame of before with the pauses and gaps of this moment."""
        recording, title = self._recording, self._pipeline.source.title
        before = annotated.status
        status = replace(before, pauses=recording.pauses, gaps=recording.gaps, source=title)
        return replace(annotated, status=status)

    def recording_s(self, time_s: float) -> float | None:
        """How long the recording lasts at this time of the source; None without one."""
        return self._recording.seconds(time_s, recording=self._events.view.recording)
