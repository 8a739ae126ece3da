"""`livecam run`: opens the pipeline, runs the loop and prints the closing line."""

from contextlib import ExitStack

from livecam.assembly.annotated_recording import (
    AnnotatedRecordingNotice,
    report_annotated_recording,
)
from livecam.assembly.flags_without_effect import report_camera_flags, report_playback_flags
from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.assembly.preflight import report_endless_file, report_silent_clips
from livecam.cli.console import say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.errors import ConsumerGoneError, LeftError
from livecam.native.silenced_stderr import stderr_is_terminal
from livecam.pipeline import loop
from livecam.pipeline.run_summary import RunSummary, closing_line
from livecam.settings.schema import Settings


def run_source(source_text: str, settings: Settings) -> int:
    """Run until the end; gives the exit code.

    Args:
        source_text: SOURCE as typed.
        settings: everything else.

    Raises:
        LivecamError: something cannot be opened, or a recording failed.
    """
    counter = _Counter()
    with StopSignals() as signals:
        try:
            summary = _run(source_text, settings, signals, counter)
        except (Stopped, LeftError):  # while opening, or by a second signal
            summary = counter.summary
        except ConsumerGoneError:
            summary = counter.summary
    say(closing_line(summary))
    if summary.lost is not None:
        say(str(summary.lost))
    ended_by = summary.failure or summary.lost
    if ended_by is not None:
        return ended_by.exit_code
    return signals.exit_code or 0


def _show_link(link: str) -> None:
    from livecam.cli.qr_code import show_link_code

    show_link_code(link)


class _Counter:
    """A sink that counts, so that the summary is known also when the loop is interrupted."""

    def __init__(self) -> None:
        self.summary = RunSummary()

    def show(self, annotated: AnnotatedFrame) -> None:
        self.summary = self.summary.plus(annotated)


def _run(
    source_text: str, settings: Settings, signals: StopSignals, counter: _Counter
) -> RunSummary:
    with ExitStack() as stack:
        pipeline, view = open_pipeline(
            source_text,
            settings,
            stack,
            say=say,
            show_link=_show_link,
            stop_asked=signals.stop_asked,
        )
        report_camera_flags(pipeline.source, source_text, settings, say)
        report_playback_flags(pipeline.source, settings, say)
        report_endless_file(pipeline.source, settings, say)
        report_silent_clips(pipeline.source, settings, say)
        report_annotated_recording(pipeline.source, settings, say)
        pipeline = with_sink(pipeline, counter)
        notice = AnnotatedRecordingNotice(pipeline.source, settings, say)
        pipeline = with_sink(pipeline, notice)
        if settings.recording.record_clock:
            from livecam.assembly.clock_notice import ClockNotice

            pipeline = with_sink(pipeline, ClockNotice(pipeline.source, say))
        if not pipeline.screens and stderr_is_terminal():
            from livecam.cli.progress_bar import ProgressBar

            pace = settings.pace
            bar = stack.enter_context(ProgressBar(pipeline.source, pace.frames, pace.seconds))
            pipeline = with_sink(pipeline, bar)
        stack.callback(signals.begin_closing)
        signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
        summary = loop.run(pipeline, view)
    return summary.after_closing(pipeline.sinks)
