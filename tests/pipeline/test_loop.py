"""The loop, with fakes for everything that has a device."""

from dataclasses import replace

import pytest
from fake_pipeline import VIEW, keys, pipeline_of
from support import (
    Collector,
    FakeClock,
    FakeModel,
    ListSource,
    ScriptedScreen,
    frames_of,
)

from livecam.core.bottleneck import BottleneckMonitor
from livecam.errors import SinkError, SourceError, SourceLostError
from livecam.pipeline.loop import run
from livecam.pipeline.annotate import annotate
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.pipeline.run_limits import RunLimits
from livecam.core.playback_pacing import Pacer
from livecam.core.events import Closed, Drag, KeyPress, SwitchCamera, Wheel
from livecam.core.annotated_frame import Rates


def test_every_frame_goes_to_every_sink_once_and_in_order():
    pipeline = pipeline_of(ListSource(frames_of(20)), sinks=[Collector(), Collector()])
    summary = run(pipeline, VIEW)
    for sink in pipeline.sinks:
        assert [annotated.frame.index for annotated in sink.annotated_frames] == list(range(20))
    assert summary.frames == 20


def test_limits_in_frames_and_in_seconds():
    assert run(pipeline_of(ListSource(frames_of(20)), limits=RunLimits(frames=7)), VIEW).frames == 7
    assert (
        run(pipeline_of(ListSource(frames_of(20)), limits=RunLimits(seconds=0.5)), VIEW).frames
        == 15
    )


def test_no_frame_is_read_in_vain():
    def nine_frames_then_trouble():
        yield from frames_of(9)
        raise AssertionError

    source = ListSource(nine_frames_then_trouble())
    assert run(pipeline_of(source, limits=RunLimits(frames=9)), VIEW).frames == 9


def test_the_person_leaves_with_a_key_or_the_close_button():
    for event in (KeyPress("q"), KeyPress("\x1b"), Closed()):
        screen = ScriptedScreen([[], [], [event]])
        assert run(pipeline_of(ListSource(frames_of(20)), screen=screen), VIEW).frames == 3


def test_a_signal_ends_the_run_after_the_frame():
    sink = Collector()
    pipeline = pipeline_of(
        ListSource(frames_of(20)), sinks=[sink], stop_asked=lambda: len(sink.annotated_frames) >= 3
    )
    assert run(pipeline, VIEW).frames == 3


@pytest.mark.parametrize("windowed", [True, False])
def test_a_signal_is_heard_while_a_long_wait_lasts(windowed):
    screen = ScriptedScreen()
    clock = screen.clock
    pipeline = pipeline_of(
        ListSource(frames_of(3, rate=0.01)),
        screen=screen if windowed else None,
        clock=clock,
        sleep=clock.sleep,
        pacer=Pacer(real_time=windowed, rate_limit=0.01),
        stop_asked=lambda: clock() >= 1.0,
    )
    assert run(pipeline, VIEW).frames == 1
    assert clock() < 1.2


def test_a_key_redraws_the_picture_at_once_and_does_not_cut_its_time_short():
    script = [[]] * 5 + [keys("v")]
    screen = ScriptedScreen(script)
    pipeline = pipeline_of(ListSource(frames_of(3, rate=0.5)), screen=screen)
    run(pipeline, VIEW)
    assert [(s.frame.index, s.view.style) for s in screen.annotated_frames] == [
        (0, "colour"), (0, "brightness"), (1, "brightness"), (2, "brightness"),
    ]  # fmt: skip
    assert screen.clock() == pytest.approx(4.0, abs=0.01)
    assert [s.frame.index for s in pipeline.sinks[0].annotated_frames] == [0, 1, 2]


def test_keys_do_not_hold_up_a_limited_rate():
    screen = ScriptedScreen([keys("v")] * 50)
    pipeline = pipeline_of(
        ListSource(frames_of(11)), screen=screen, pacer=Pacer(real_time=False, rate_limit=10)
    )
    run(pipeline, VIEW)
    assert screen.clock() == pytest.approx(1.1, abs=0.11)


def test_toggles_change_the_drawing_and_never_the_numbers():
    script = [keys(key) for key in "iavc[]otdmh"]
    plain = pipeline_of(ListSource(frames_of(20)))
    toggled = pipeline_of(ListSource(frames_of(20)), screen=ScriptedScreen(script))
    run(plain, VIEW)
    run(toggled, VIEW)
    for one, other in zip(
        plain.sinks[0].annotated_frames, toggled.sinks[0].annotated_frames, strict=True
    ):
        assert (one.activation.grid == other.activation.grid).all()
        assert one.stats.maximum == other.stats.maximum
        assert one.stats.probability == other.stats.probability
    assert any(
        (one.picture != other.picture).any()
        for one, other in zip(
            plain.sinks[0].annotated_frames, toggled.sinks[0].annotated_frames, strict=True
        )
    )


def test_the_next_class_is_measured_from_the_next_frame_on():
    pipeline = pipeline_of(ListSource(frames_of(4)), screen=ScriptedScreen([[], keys("n")]))
    run(pipeline, VIEW)
    assert [s.stats.class_index for s in pipeline.sinks[0].annotated_frames] == [1, 1, 2, 2]


def test_a_pause_holds_the_frame_keeps_keys_alive_and_records_nothing_twice():
    script = [[], keys(" "), [], keys("v"), [], keys("s"), keys(" ")]
    screen = ScriptedScreen(script)
    pipeline = pipeline_of(ListSource(frames_of(5)), screen=screen)
    run(pipeline, VIEW)
    assert [s.frame.index for s in pipeline.sinks[0].annotated_frames] == [0, 1, 2, 3, 4]
    held = [s for s in screen.annotated_frames if s.view.paused]
    assert {s.frame.index for s in held} == {1}
    assert {s.view.style for s in held} == {"colour", "brightness"}
    assert {s.status.stands_still for s in held} == {True}
    assert not any(s.status.stands_still for s in pipeline.sinks[0].annotated_frames)
    assert any(
        s.view.snapshots == 1 and s.frame.index == 1
        for s in pipeline.snapshot_writer.annotated_frames
    )


def test_a_pause_does_not_count_as_one_slow_frame():
    script = [[]] * 10 + [keys(" ")] + [[]] * 200 + [keys(" ")]
    pipeline = pipeline_of(ListSource(frames_of(30)), screen=ScriptedScreen(script))
    run(pipeline, VIEW)
    rates = [s.stats.fps for s in pipeline.sinks[0].annotated_frames if s.stats.fps is not None]
    assert min(rates) == pytest.approx(30.0, rel=0.05)


def test_sinks_learn_of_a_pause_from_the_frame_after_it():
    screen = ScriptedScreen([[], keys(" "), [], keys(" "), []])
    pipeline = pipeline_of(ListSource(frames_of(6)), screen=screen)
    run(pipeline, VIEW)
    assert [annotated.status.pauses for annotated in pipeline.sinks[0].annotated_frames] == [
        0,
        0,
        1,
        1,
        1,
        1,
    ]


def test_a_clip_in_a_window_plays_in_real_time_and_a_camera_never_waits():
    screen = ScriptedScreen()
    run(pipeline_of(ListSource(frames_of(31)), screen=screen), VIEW)
    assert screen.clock() == pytest.approx(1.0)
    screen = ScriptedScreen()
    pipeline = pipeline_of(ListSource(frames_of(31)), screen=screen, pacer=Pacer(real_time=False))
    run(pipeline, VIEW)
    assert screen.waits_s == [0.0] * 31


def test_pictures_stay_in_the_window_until_the_person_leaves():
    screen = ScriptedScreen([[]] * 30 + [keys("c"), [], keys("q")])
    pipeline = pipeline_of(ListSource(frames_of(2, rate=1.0)), screen=screen, holds_end=True)
    assert run(pipeline, VIEW).frames == 2
    assert screen.script == []
    assert screen.annotated_frames[-1].view.colormap != VIEW.colormap


def test_pictures_do_not_wait_where_a_limit_ends_the_run():
    source, screen = ListSource(frames_of(3, rate=1.0)), ScriptedScreen()
    run(pipeline_of(source, screen=screen, limits=RunLimits(frames=2), holds_end=True), VIEW)


@pytest.mark.parametrize("windowed", [True, False])
def test_a_source_that_is_lost_ends_in_order_with_every_frame_shown(windowed):
    source = ListSource(frames_of(6), error=SourceLostError("unplugged"))
    pipeline = pipeline_of(source, screen=ScriptedScreen() if windowed else None)
    summary = run(pipeline, VIEW)
    assert len(pipeline.sinks[0].annotated_frames) == summary.frames == 6
    assert str(summary.lost) == "unplugged"


def test_a_source_without_any_frame_and_a_failing_sink_are_errors():
    with pytest.raises(SourceError):
        run(pipeline_of(ListSource([], error=SourceError("nothing in it"))), VIEW)

    class Full(Collector):
        def show(self, annotated):
            raise SinkError("disk full")

    with pytest.raises(SinkError, match="disk full"):
        run(pipeline_of(ListSource(frames_of(3)), sinks=[Full()]), VIEW)


def test_the_pointer_reaches_a_scene_that_can_be_turned():
    class Scene(ListSource):
        moves: list

        def drag(self, dx_px, dy_px):
            self.moves.append(("drag", dx_px, dy_px))

        def wheel(self, steps):
            self.moves.append(("wheel", steps))

    scene = Scene(frames_of(5))
    scene.moves = []
    run(pipeline_of(scene, screen=ScriptedScreen([[Drag(3, 4)], [Wheel(-1)]])), VIEW)
    assert scene.moves == [("drag", 3, 4), ("wheel", -1)]
    run(pipeline_of(scene, screen=ScriptedScreen([[Drag(3, 4)]])), replace(VIEW, mirror=True))
    assert scene.moves[2:] == [("drag", -3, 4)]  # the hand is followed in the mirror, too


def test_annotate_is_the_loop_without_a_window():
    pipeline = pipeline_of(ListSource(frames_of(4)))
    run(pipeline, VIEW)
    annotated_frames = list(annotate(frames_of(4), FakeModel(), VIEW, clock=FakeClock()))
    for one, other in zip(pipeline.sinks[0].annotated_frames, annotated_frames, strict=True):
        assert (one.picture == other.picture).all()


def test_what_the_screen_says_about_the_rate_x():
    """A camera of 30 pictures a second before a network that takes a fifth of one."""
    clock, sink = FakeClock(), Collector()

    class SlowModel(FakeModel):
        def infer(self, rgb):
            clock.sleep(0.2)
            return super().infer(rgb)

    frames = [replace(f, captured_s=clock(), source_rate=30.0) for f in frames_of(40)]
    pipeline = pipeline_of(
        ListSource(frames, is_live=True), sinks=[sink], clock=clock, sleep=clock.sleep,
        model=SlowModel(), bottleneck=BottleneckMonitor(30.0, smaller_alpha=0.5),
    )  # fmt: skip
    run(pipeline, VIEW)
    rates = sink.annotated_frames[-1].status.rates
    assert rates.limit == "the model is the limit: try --alpha 0.5"
    assert rates.model == pytest.approx(5.0)
    assert sink.annotated_frames[0].status.rates == Rates()


def test_who_does_not_quit_is_not_said_to_have_left():
    told = []
    run(pipeline_of(ListSource(frames_of(3)), on_leaving=lambda: told.append(1)), VIEW)
    assert not told


class TwoCameras(ListSource):
    """Frames of whichever camera."""

    def cameras(self):
        return []

    def switch_camera(self, number):
        changes = number == 2
        if changes:
            self.title = "second"
        return changes


def test_another_camera_is_shown_and_named_on_every_screen():
    screen = ScriptedScreen([[], [SwitchCamera(7)], [SwitchCamera(2)], []])
    said = []
    pipeline = pipeline_of(
        TwoCameras(frames_of(5)),
        screen=screen,
        screen_messages=ScreenMessages(said.append, clock=screen.clock),
    )
    run(pipeline, VIEW)
    assert said == ["now showing second"]
    titles = [shown.status.source for shown in pipeline.sinks[0].annotated_frames]
    assert (titles[0], titles[-1]) == ("a list", "second")


def test_another_camera_does_not_keep_the_map_of_the_one_before():
    screen = ScriptedScreen([[], [], [SwitchCamera(2)], []])
    pacer = Pacer(real_time=False)
    pipeline = pipeline_of(
        TwoCameras(frames_of(6), is_live=True), screen=screen, every=9, pacer=pacer
    )
    run(pipeline, VIEW)
    assert pipeline.model.calls == 2


def test_other_sources_pay_no_attention_to_a_camera():
    screen = ScriptedScreen([[SwitchCamera(2)], []])
    assert run(pipeline_of(ListSource(frames_of(3)), screen=screen), VIEW).frames == 3
