"""The time of day in every record: handed in, of the moment that the frame was taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fake_pipeline import VIEW, pipeline_of
from support import Collector, FakeClock, FakeModel, ListSource, frames_of, picture

from livecam.core.types import BgrImage, Frame
from livecam.pipeline.annotate import annotate
from livecam.pipeline.capture_time import local_now, taken_at
from livecam.pipeline.loop import run

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def live_frame(captured_s):
    return Frame(BgrImage(picture()), 0, 0.0, captured_s=captured_s)


def test_a_live_frame_was_taken_before_it_is_shown():
    assert taken_at(live_frame(90.0), lambda: 100.0, lambda: NOON) == NOON - timedelta(seconds=10)


def test_a_clock_that_is_set_right_is_followed():
    first = taken_at(live_frame(90.0), lambda: 90.0, lambda: NOON)
    second = taken_at(live_frame(91.0), lambda: 91.0, lambda: NOON + timedelta(hours=1))
    assert second - first == timedelta(hours=1)


def test_a_file_says_it_itself_or_nobody_knows():
    frame = Frame(BgrImage(picture()), 0, 5.0)
    assert taken_at(frame, lambda: 100.0, lambda: NOON) is None
    assert taken_at(replace(frame, taken_at=NOON), lambda: 100.0, lambda: NOON) == NOON


def test_the_present_has_a_zone():
    assert local_now().tzinfo is not None


def test_the_loop_and_the_library_put_it_into_every_frame():
    frames = [replace(frame, captured_s=0.5 + frame.time_s) for frame in frames_of(3)]
    clock, sink = FakeClock(), Collector()
    times = {"clock": clock, "now": lambda: NOON + timedelta(seconds=clock())}
    run(pipeline_of(ListSource(frames), sinks=[sink], **times), VIEW)
    annotated = [*sink.annotated_frames, *annotate(frames, FakeModel(), VIEW, **times)]
    wanted = [NOON + timedelta(seconds=frame.captured_s) for frame in frames]
    assert [a.status.at for a in annotated] == wanted * 2
