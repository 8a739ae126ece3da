"""Sinks that are full: a file waits for them, a camera does not, and keys are heard meanwhile."""

from fake_pipeline import VIEW, SlowSink, keys, pipeline_of
from support import (
    Collector,
    FakeClock,
    ListSource,
    ScriptedScreen,
    frames_of,
)

from livecam.pipeline.optional_sink import OptionalSink
from livecam.pipeline.loop import run
from livecam.pipeline.run_summary import closing_line


class FullRecorder(Collector):
    """A recorder whose encoder hangs: there is room for two frames."""

    def wait_until_not_full(self, annotated, wait_s):
        assert wait_s < 1
        return len(self.annotated_frames) < 2


def test_who_quits_does_not_wait_for_a_recorder_that_is_full():
    recorder, told = FullRecorder(), []
    pipeline = pipeline_of(
        ListSource(frames_of(9)),
        screen=ScriptedScreen([*[[]] * 20, keys("d"), [], keys("q")]),
        sinks=[recorder],
        recorder=recorder,
        on_leaving=lambda: told.append(len(recorder.annotated_frames)),
    )
    summary = run(pipeline, VIEW)
    assert told == [2]
    assert summary.frames == 3


def test_a_clip_waits_for_a_sink_that_is_full_and_loses_nothing():
    clock = FakeClock()
    sink = SlowSink(clock, every_s=2.0)
    pipeline = pipeline_of(ListSource(frames_of(20)), sinks=[sink], clock=clock, sleep=clock.sleep)
    summary = run(pipeline, VIEW)
    assert (summary.frames, sink.shown, sink.lost) == (20, 20, 0)
    assert sink.is_idle()  # what was read is written when the source ends


def test_a_camera_does_not_wait_for_a_sink_that_is_full_and_the_closing_line_says_what_is_lost():
    clock = FakeClock()
    sink = SlowSink(clock, every_s=2.0)
    pipeline = pipeline_of(
        ListSource(frames_of(20), is_live=True), sinks=[sink], clock=clock, sleep=clock.sleep
    )
    optional = OptionalSink(sink, print, what="figures")
    summary = run(pipeline, VIEW).after_closing([optional])
    assert (summary.frames, sink.shown, sink.lost) == (20, 5, 15)
    assert clock() == 0.0
    assert "the figures of 15 frames were dropped" in closing_line(summary)


def test_keys_and_signals_are_heard_while_a_sink_is_full():
    clock = FakeClock()
    screen = ScriptedScreen([[] for _ in range(10)] + [keys("o"), keys("q")], clock=clock)
    sink = SlowSink(clock, every_s=1e9)
    pipeline = pipeline_of(ListSource(frames_of(20)), screen=screen, sinks=[sink])
    assert run(pipeline, VIEW).frames == 5
    assert screen.annotated_frames[-1].view != VIEW

    clock = FakeClock()
    sink = SlowSink(clock, every_s=1e9)
    pipeline = pipeline_of(
        ListSource(frames_of(20)), sinks=[sink], clock=clock, sleep=clock.sleep,
        stop_asked=lambda: clock() > 3.0,
    )  # fmt: skip
    assert run(pipeline, VIEW).frames == 5
    assert clock() < 4.0
