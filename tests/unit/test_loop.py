"""The loop, with fakes for everything that has a device."""

from dataclasses import replace

import pytest
from rigs import VIEW, keys, rig_of
from support import Collector, FakeClock, FakeModel, ListSource, ScriptedScreen, frames_of

from livecam.core.bottleneck import Gauge
from livecam.errors import SinkError, SourceError, SourceLostError
from livecam.pipeline.loop import run
from livecam.pipeline.annotate import annotate
from livecam.pipeline.notifications import Notices
from livecam.pipeline.run_summary import Limits
from livecam.core.timing import Pacer
from livecam.core.protocols import Closed, Drag, KeyPress, Wheel
from livecam.core.types import Rates


def test_every_frame_goes_to_every_sink_once_and_in_order():
    rig = rig_of(ListSource(frames_of(20)), sinks=[Collector(), Collector()])
    tally = run(rig, VIEW)
    for sink in rig.sinks:
        assert [shot.frame.index for shot in sink.shots] == list(range(20))
    assert tally.frames == 20


def test_limits_in_frames_and_in_seconds():
    assert run(rig_of(ListSource(frames_of(20)), limits=Limits(frames=7)), VIEW).frames == 7
    assert run(rig_of(ListSource(frames_of(20)), limits=Limits(seconds=0.5)), VIEW).frames == 15


def test_no_frame_is_read_in_vain():
    def nine_frames_then_trouble():
        yield from frames_of(9)
        raise AssertionError

    source = ListSource(nine_frames_then_trouble())
    assert run(rig_of(source, limits=Limits(frames=9)), VIEW).frames == 9


def test_the_person_leaves_with_a_key_or_the_close_button():
    for event in (KeyPress("q"), KeyPress("\x1b"), Closed()):
        screen = ScriptedScreen([[], [], [event]])
        assert run(rig_of(ListSource(frames_of(20)), screen=screen), VIEW).frames == 3


def test_a_signal_ends_the_run_after_the_frame():
    sink = Collector()
    rig = rig_of(ListSource(frames_of(20)), sinks=[sink], stop_asked=lambda: len(sink.shots) >= 3)
    assert run(rig, VIEW).frames == 3


@pytest.mark.parametrize("windowed", [True, False])
def test_a_signal_is_heard_while_a_long_wait_lasts(windowed):
    screen = ScriptedScreen()
    clock = screen.clock
    rig = rig_of(
        ListSource(frames_of(3, rate=0.01)),
        screen=screen if windowed else None,
        clock=clock,
        sleep=clock.sleep,
        pacer=Pacer(real_time=windowed, rate_limit=0.01),
        stop_asked=lambda: clock() >= 1.0,
    )
    assert run(rig, VIEW).frames == 1
    assert clock() < 1.2


def test_a_key_redraws_the_picture_at_once_and_does_not_cut_its_time_short():
    script = [[]] * 5 + [keys("v")]
    screen = ScriptedScreen(script)
    rig = rig_of(ListSource(frames_of(3, rate=0.5)), screen=screen)
    run(rig, VIEW)
    assert [(s.frame.index, s.view.style) for s in screen.shots] == [
        (0, "colour"), (0, "brightness"), (1, "brightness"), (2, "brightness"),
    ]  # fmt: skip
    assert screen.clock() == pytest.approx(4.0, abs=0.01)
    assert [s.frame.index for s in rig.sinks[0].shots] == [0, 1, 2]


def test_keys_do_not_hold_up_a_limited_rate():
    screen = ScriptedScreen([keys("v")] * 50)
    rig = rig_of(
        ListSource(frames_of(11)), screen=screen, pacer=Pacer(real_time=False, rate_limit=10)
    )
    run(rig, VIEW)
    assert screen.clock() == pytest.approx(1.1, abs=0.11)


def test_toggles_change_the_drawing_and_never_the_numbers():
    script = [keys(key) for key in "iavc[]otdmh"]
    plain = rig_of(ListSource(frames_of(20)))
    toggled = rig_of(ListSource(frames_of(20)), screen=ScriptedScreen(script))
    run(plain, VIEW)
    run(toggled, VIEW)
    for one, other in zip(plain.sinks[0].shots, toggled.sinks[0].shots, strict=True):
        assert (one.activation.grid == other.activation.grid).all()
        assert one.stats.maximum == other.stats.maximum
        assert one.stats.probability == other.stats.probability
    assert any(
        (one.picture != other.picture).any()
        for one, other in zip(plain.sinks[0].shots, toggled.sinks[0].shots, strict=True)
    )


def test_the_next_class_is_measured_from_the_next_frame_on():
    rig = rig_of(ListSource(frames_of(4)), screen=ScriptedScreen([[], keys("n")]))
    run(rig, VIEW)
    assert [s.stats.class_index for s in rig.sinks[0].shots] == [1, 1, 2, 2]


def test_a_pause_holds_the_frame_keeps_keys_alive_and_records_nothing_twice():
    script = [[], keys(" "), [], keys("v"), [], keys("s"), keys(" ")]
    screen = ScriptedScreen(script)
    rig = rig_of(ListSource(frames_of(5)), screen=screen)
    run(rig, VIEW)
    assert [s.frame.index for s in rig.sinks[0].shots] == [0, 1, 2, 3, 4]
    held = [s for s in screen.shots if s.view.paused]
    assert {s.frame.index for s in held} == {1}
    assert {s.view.style for s in held} == {"colour", "brightness"}
    assert any(s.view.snapshots == 1 and s.frame.index == 1 for s in rig.album.shots)


def test_a_pause_does_not_count_as_one_slow_frame():
    script = [[]] * 10 + [keys(" ")] + [[]] * 200 + [keys(" ")]
    rig = rig_of(ListSource(frames_of(30)), screen=ScriptedScreen(script))
    run(rig, VIEW)
    rates = [s.stats.fps for s in rig.sinks[0].shots if s.stats.fps is not None]
    assert min(rates) == pytest.approx(30.0, rel=0.05)


def test_sinks_learn_of_a_pause_from_the_frame_after_it():
    screen = ScriptedScreen([[], keys(" "), [], keys(" "), []])
    rig = rig_of(ListSource(frames_of(6)), screen=screen)
    run(rig, VIEW)
    assert [shot.pauses for shot in rig.sinks[0].shots] == [0, 0, 1, 1, 1, 1]


def test_a_clip_in_a_window_plays_in_real_time_and_a_camera_never_waits():
    screen = ScriptedScreen()
    run(rig_of(ListSource(frames_of(31)), screen=screen), VIEW)
    assert screen.clock() == pytest.approx(1.0)
    screen = ScriptedScreen()
    rig = rig_of(ListSource(frames_of(31)), screen=screen, pacer=Pacer(real_time=False))
    run(rig, VIEW)
    assert screen.waits_s == [0.0] * 31


def test_pictures_stay_in_the_window_until_the_person_leaves():
    screen = ScriptedScreen([[]] * 30 + [keys("c"), [], keys("q")])
    source = ListSource(frames_of(2, rate=1.0), holds_last=True)
    rig = rig_of(source, screen=screen)
    assert run(rig, VIEW).frames == 2
    assert screen.script == []
    assert screen.shots[-1].view.colormap != VIEW.colormap


def test_pictures_do_not_wait_where_a_limit_ends_the_run():
    source = ListSource(frames_of(3, rate=1.0), holds_last=True)
    run(rig_of(source, screen=ScriptedScreen(), limits=Limits(frames=2)), VIEW)


@pytest.mark.parametrize("windowed", [True, False])
def test_a_source_that_is_lost_ends_in_order_with_every_frame_shown(windowed):
    source = ListSource(frames_of(6), error=SourceLostError("unplugged"))
    rig = rig_of(source, screen=ScriptedScreen() if windowed else None)
    tally = run(rig, VIEW)
    assert len(rig.sinks[0].shots) == tally.frames == 6
    assert str(tally.lost) == "unplugged"


def test_a_source_without_any_frame_and_a_failing_sink_are_errors():
    with pytest.raises(SourceError):
        run(rig_of(ListSource([], error=SourceError("nothing in it"))), VIEW)

    class Full(Collector):
        def show(self, shot):
            raise SinkError("disk full")

    with pytest.raises(SinkError, match="disk full"):
        run(rig_of(ListSource(frames_of(3)), sinks=[Full()]), VIEW)


def test_recording_time_counts_from_the_press_of_the_key():
    screen = ScriptedScreen([[], [], keys("r")])
    rig = rig_of(ListSource(frames_of(40, width=640, height=480)), screen=screen)
    run(rig, VIEW)
    recording = [s for s in rig.sinks[0].shots if s.view.recording]
    assert recording[0].frame.index == 3
    corner = [s.picture[5:40, 500:].astype(int) for s in rig.sinks[0].shots]
    assert abs(corner[2] - corner[5]).max() > 50  # "REC" appears
    assert abs(corner[5] - corner[30]).max() == 0  # and reads 0:00 for a second
    assert abs(corner[5] - corner[39]).max() > 50  # then 0:01


def test_the_pointer_reaches_a_scene_that_can_be_turned():
    class Scene(ListSource):
        moves: list

        def drag(self, dx_px, dy_px):
            self.moves.append(("drag", dx_px, dy_px))

        def wheel(self, steps):
            self.moves.append(("wheel", steps))

    scene = Scene(frames_of(5))
    scene.moves = []
    run(rig_of(scene, screen=ScriptedScreen([[Drag(3, 4)], [Wheel(-1)]])), VIEW)
    assert scene.moves == [("drag", 3, 4), ("wheel", -1)]
    run(rig_of(scene, screen=ScriptedScreen([[Drag(3, 4)]])), replace(VIEW, mirror=True))
    assert scene.moves[2:] == [("drag", -3, 4)]  # the hand is followed in the mirror, too


def test_the_tally_knows_the_strongest_frame():
    frames = frames_of(5)
    bright = frames[3].bgr.copy()
    bright[:] = 255
    frames[3] = replace(frames[3], bgr=bright)
    tally = run(rig_of(ListSource(frames)), VIEW)
    assert tally.best_maximum == pytest.approx(37.0)
    assert (tally.best_time_s, tally.best_class) == (pytest.approx(0.1), "daisy")


def test_notices_are_told_at_once_and_shown_for_a_while():
    clock, told = FakeClock(), []
    notices = Notices(told.append, clock)
    notices.post("saved a.png")
    assert (told, notices.current()) == (["saved a.png"], "saved a.png")
    clock.sleep(60)
    assert notices.current() == ""


def test_annotate_is_the_loop_without_a_window():
    rig = rig_of(ListSource(frames_of(4)))
    run(rig, VIEW)
    shots = list(annotate(frames_of(4), FakeModel(), VIEW, clock=FakeClock()))
    for one, other in zip(rig.sinks[0].shots, shots, strict=True):
        assert (one.picture == other.picture).all()


def test_on_a_picture_that_stands_still_there_is_nothing_to_record_and_it_is_said():
    told = []
    screen = ScriptedScreen([[]] * 25 + [keys("r"), [], [], keys("q")])
    rig = rig_of(
        ListSource(frames_of(1, rate=1.0), holds_last=True),
        screen=screen,
        notices=Notices(told.append, screen.clock),
    )
    run(rig, VIEW)
    assert told == ["nothing to record: the picture stands still"]
    assert not screen.shots[-1].view.recording


def test_a_recording_asked_for_in_a_pause_begins_when_it_ends():
    told = []
    screen = ScriptedScreen([[], keys(" "), [], keys("r"), [], [], keys(" ")])
    rig = rig_of(
        ListSource(frames_of(5, width=640, height=480)),
        screen=screen,
        notices=Notices(told.append, screen.clock),
    )
    run(rig, VIEW)
    assert told == ["the recording begins when the pause ends"]
    assert [s.view.recording for s in rig.sinks[0].shots] == [False, False, True, True, True]


@pytest.mark.parametrize(("cut", "seconds"), [(True, 1.0), (False, 61.0)])
def test_the_recording_clock_counts_a_pause_only_where_it_is_kept(cut, seconds, monkeypatch):
    """A camera's own time goes on while the person holds the picture."""
    shown = []
    monkeypatch.setattr(
        "livecam.pipeline.annotate.draw_hud",
        lambda *_, recording_s, **__: shown.append(recording_s),
    )
    frames = frames_of(40)
    late = [replace(f, time_s=f.time_s + 60.0) for f in frames[20:]]
    screen = ScriptedScreen([[]] * 19 + [keys(" "), keys(" ")])
    rig = rig_of(
        ListSource([*frames[:20], *late], is_live=True),
        screen=screen,
        pacer=Pacer(real_time=False),
        pauses_are_cut=cut,
    )
    run(rig, replace(VIEW, recording=True))
    assert shown[-1] == pytest.approx(seconds, abs=0.4)


def test_what_the_screen_says_about_the_rate_is_in_the_shots_as_well():
    """A camera of 30 pictures a second before a network that takes a fifth of one."""
    clock, sink = FakeClock(), Collector()

    class SlowModel(FakeModel):
        def infer(self, rgb):
            clock.sleep(0.2)
            return super().infer(rgb)

    frames = [replace(f, captured_s=clock(), source_rate=30.0) for f in frames_of(40)]
    rig = rig_of(
        ListSource(frames, is_live=True), sinks=[sink], clock=clock, sleep=clock.sleep,
        model=SlowModel(), gauge=Gauge(30.0, smaller_model="try --alpha 0.5"),
    )  # fmt: skip
    run(rig, VIEW)
    rates = sink.shots[-1].rates
    assert rates.limit == "the model is the limit: try --alpha 0.5"
    assert rates.model == pytest.approx(5.0)
    assert sink.shots[0].rates == Rates()


def test_a_recording_that_is_ended_in_a_pause_is_closed_there_and_another_one_can_begin():
    told = []
    screen = ScriptedScreen([keys("r"), [], keys(" "), [], keys("r"), [], keys("r"), [], keys(" ")])
    recorder = Collector()
    rig = rig_of(
        ListSource(frames_of(6, width=640, height=480)),
        screen=screen,
        sinks=[recorder],
        recorder=recorder,
        notices=Notices(told.append, screen.clock),
    )
    run(rig, VIEW)
    assert told == ["the recording begins when the pause ends"]
    seen = [(s.view.recording, bool(s.waiting_for)) for s in recorder.shots]
    assert (False, True) in seen  # it ends with the pause's own shot
    assert seen[seen.index((False, True)) + 1] == (True, False)
