"""The FrameHub between loop and server, the chart history, and the loop with several screens."""

from dataclasses import replace
from datetime import datetime

import pytest
from annotated_frames import annotated_frame_of
from support import FakeClock, FakeModel, ListSource, ScriptedScreen, frames_of, picture

from livecam.core.key_bindings import BINDINGS, after_event
from livecam.pipeline.loop import run
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.core.playback_pacing import Pacer
from livecam.core.events import Change, Drag, KeyPress, Wheel
from livecam.pipeline.run_limits import RunLimits
from livecam.core.status_card import StatusCard
from livecam.core.view import View
from livecam.sinks.recording_index import RecordingIndex
from livecam.web.streaming.chart_history import ChartHistory
from livecam.web.streaming.frame_hub import MAX_PENDING_EVENTS, FrameHub, TooManyEventsError
from livecam.web.api.state_json import activation_of, state_of

VIEW = View(class_index=1, class_cycle=(1, 2))


def test_the_newest_frame_is_kept_and_the_server_notified():
    clock, notified = FakeClock(), []
    hub = FrameHub(clock=clock, notice=lambda: "saved")
    hub.on_change(lambda: notified.append(hub.newest.number))
    assert hub.age_s() is None
    for number in range(3):
        hub.show(annotated_frame_of(picture(), number, number / 30))
    clock.sleep(0.7)
    assert notified == [1, 2, 3]
    assert hub.newest.annotated.frame.index == 2
    assert hub.newest.notice == "saved"
    assert hub.age_s() == pytest.approx(0.7)


def test_a_status_card_is_shown_and_the_age_of_the_figures_grows():
    clock = FakeClock()
    hub = FrameHub(clock=clock)
    hub.show_status(
        StatusCard(picture(value=1)), VIEW
    )  # before the first frame there is nothing to show
    assert hub.newest is None
    hub.show(annotated_frame_of(picture(), 0, 0.0))
    clock.sleep(3.0)
    hub.show_status(StatusCard(picture(value=7)), VIEW)
    assert hub.newest.waiting
    assert hub.newest.annotated.picture[0, 0, 0] == 7
    assert (hub.newest.number, hub.frames, hub.age_s()) == (2, 1, 3.0)


def test_an_event_is_applied_when_the_loop_polls_again():
    hub = FrameHub()
    number = hub.submit(KeyPress("o"))
    assert not hub.is_applied(number)
    assert hub.events(0) == [KeyPress("o")]
    assert not hub.is_applied(number)
    assert hub.events(0) == []
    assert hub.is_applied(number)


def test_drags_are_joined_and_their_numbers_hold():
    hub = FrameHub()
    for _ in range(1000):
        number = hub.submit(Drag(1, -1))
    hub.submit(Wheel(1))
    assert hub.events(0) == [Drag(1000, -1000), Wheel(1)]
    hub.events(0)
    assert hub.is_applied(number)


def test_wheels_are_joined_also_between_drags_and_never_over_another_event():
    hub = FrameHub()
    for _ in range(1000):
        hub.submit(Drag(1, 0))
        number = hub.submit(Wheel(0.5))
    hub.submit(KeyPress("m"))
    hub.submit(Wheel(1))
    assert hub.events(0) == [Drag(1000, 0), Wheel(500), KeyPress("m"), Wheel(1)]
    assert not hub.is_applied(number)
    hub.events(0)
    assert hub.is_applied(number)


def test_too_many_events_are_refused():
    hub = FrameHub()
    for _ in range(MAX_PENDING_EVENTS):
        hub.submit(KeyPress("o"))
    with pytest.raises(TooManyEventsError):
        hub.submit(KeyPress("o"))
    assert len(hub.events(0)) == MAX_PENDING_EVENTS


def test_the_history_has_the_maximum_of_each_half_second_for_five_minutes():
    history = ChartHistory(history_s=300, interval_s=0.5)
    for frame in range(30 * 400):
        history.add(frame / 30, frame % 15, 0.5)
    points = history.points(400.0)
    assert len(points) == 600
    assert {point.maximum for point in points} == {14.0}
    assert points[-1].time_s == pytest.approx(0.5, abs=0.1)


def test_a_change_replaces_fields_of_the_view_and_nothing_else():
    after = after_event(VIEW, Change({"opacity": 0.9, "recording": True}))
    assert (after.opacity, after.recording) == (0.9, True)
    assert after_event(after, Change({"opacity": VIEW.opacity, "recording": False})) == VIEW


def test_what_a_button_shows_is_a_field_of_the_view():
    for binding in BINDINGS:
        assert not binding.shows or hasattr(VIEW, binding.shows)


def test_every_screen_is_shown_frames_and_polled_and_only_the_first_waits():
    first = ScriptedScreen([[], [], [KeyPress("v")]])
    second = ScriptedScreen([[], [Change({"opacity": 0.1})]], clock=first.clock)
    pipeline = Pipeline(
        source=ListSource(frames_of(8)),
        model=FakeModel(),
        sinks=[],
        snapshot_writer=second,
        screens=[first, second],
        pacer=Pacer(real_time=True),
        limits=RunLimits(),
        screen_messages=ScreenMessages(clock=first.clock),
        clock=first.clock,
    )
    run(pipeline, VIEW)
    assert first.annotated_frames[-1].view.opacity == 0.1
    assert second.annotated_frames[-1].view.style == "brightness"
    assert set(second.waits_s) == {0.0}
    assert max(first.waits_s) > 0


def test_another_class_begins_another_point_of_the_history():
    history = ChartHistory(history_s=300, interval_s=0.5)
    frames = [(0.0, 5, "daisy"), (0.1, 7, "daisy"), (0.2, 3, "rose"), (0.3, 4, "rose")]
    for now_s, maximum, name in frames:
        history.add(now_s, maximum, 0.5, name)
    assert [(p.maximum, p.class_name) for p in history.points(1.0)] == [(7, "daisy"), (4, "rose")]


def test_messages_do_not_contain_the_folder_of_a_picture(tmp_path):
    hub = FrameHub()
    annotated = annotated_frame_of(picture(), 0, 0.0)
    hub.show(replace(annotated, frame=replace(annotated.frame, name="/home/me/secret/rose.jpg")))
    files = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    state = state_of(hub.newest, age_s=0.0, viewers=1, files=files)
    for message in (state.figures, activation_of(hub.newest)):
        assert message.model_dump()["picture"] == "rose.jpg"


@pytest.mark.parametrize("is_photograph", [False, True])
def test_a_photograph_has_no_rate_on_the_page(is_photograph, tmp_path):
    hub = FrameHub()
    annotated = annotated_frame_of(picture(), 1, 1.0)
    hub.show(replace(annotated, frame=replace(annotated.frame, is_photograph=is_photograph)))
    files = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    state = state_of(hub.newest, age_s=0.0, viewers=1, files=files)
    assert (state.figures.fps is None) == is_photograph
