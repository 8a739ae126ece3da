"""What the key `r` does while the picture stands still: in a pause, and at the end."""

from dataclasses import replace

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.view import View
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.recording_clock import RecordingClock
from livecam.pipeline.screen_messages import NOTHING_TO_RECORD, RECORDING_AFTER_PAUSE


class RecordingKey:
    """Ends a recording at once; one that is begun waits for the next frame, if there is one."""

    def __init__(self, pipeline: Pipeline, recording: RecordingClock) -> None:
        self._pipeline, self._recording = pipeline, recording
        self._is_wait_reported = False

    def end_run(self, view: View, last: AnnotatedFrame | None) -> None:
        """The run is over: the last picture of a live source lasts until now."""
        is_recorded = view.recording and self._recording.since_s is not None
        if is_recorded and last is not None and last.frame.captured_s is not None:
            self._end(replace(view, recording=False), last)

    def view_after(self, view: View, last: AnnotatedFrame | None, *, is_last: bool) -> View:
        """The view that goes on.

        Args:
            view: what the user chose to see, and whether that is to be recorded.
            last: the frame that is shown; None before the first.
            is_last: whether no other will come.
        """
        wanted, begun = view.recording, self._recording.since_s is not None
        if begun and not wanted and last is not None:
            self._recording.since_s = None
            self._end(view, last)
        if wanted and not begun and is_last:
            view = replace(view, recording=False)
            self._pipeline.screen_messages.post(NOTHING_TO_RECORD)
        elif wanted and not begun and not self._is_wait_reported:
            self._pipeline.screen_messages.post(RECORDING_AFTER_PAUSE)
        self._is_wait_reported = wanted
        return view

    def _end(self, view: View, last: AnnotatedFrame) -> None:
        """Let the recorder close the file now, not with the next frame.

        The last picture of a live source lasts until now, less a pause that is cut. Its time counts
        from when it was shown: a stream in segments is shown long after it was captured, and so are
        pictures of which none is left out.
        """
        recorder, frame = self._pipeline.recorder, last.frame
        if recorder is None:
            return
        if frame.captured_s is not None:
            lasted_s = self._recording.lasted_s(self._pipeline.clock())
            frame = replace(frame, time_s=frame.time_s + lasted_s)
        recorder.show(replace(last, frame=frame, view=view, waiting_for="the next recording"))
