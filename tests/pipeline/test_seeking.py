"""Jumps, single frames, speed, the loop and the end of a clip, as the loop does them."""

from dataclasses import dataclass, field, replace

import pytest
from fake_pipeline import VIEW, keys, pipeline_of
from support import Collector, ListSource, ScriptedScreen, frames_of

from livecam.core.key_bindings import LEFT, RIGHT
from livecam.core.seek_and_speed import Jump
from livecam.pipeline.loop import run
from livecam.pipeline.screen_messages import NO_JUMP_WHILE_RECORDING, ScreenMessages
from livecam.pipeline.run_limits import RunLimits


@dataclass
class SeekableList(ListSource):
    """Jumps by ten frames a step."""

    jumps: list[Jump] = field(default_factory=list)
    can_seek: bool = True

    def frames_after(self, jump, shown):
        self.jumps.append(jump)
        to = 0 if jump.to_start else shown.index + 10 * jump.steps - jump.frames_back
        yield from self.frames[min(len(self.frames) - 1, max(0, to)) :]

    def describe_place(self, shown):
        return f"at {shown.index}"


def play(script, count=30, *, rate=30.0, view=VIEW, **more):
    """Run to the end of the script; the indices that were given to the sinks, and the screen."""
    screen = ScriptedScreen(script)
    source = SeekableList(frames_of(count, rate=rate))
    pipeline = pipeline_of(source, screen=screen, **({"holds_end": True} | more))
    run(pipeline, view)
    return [a.frame.index for a in pipeline.sinks[0].annotated_frames], screen, source


def test_a_step_forward_and_back():
    seen, _, source = play([[]] * 3 + [keys(RIGHT), [], keys(LEFT), [], keys("q")])
    assert source.jumps == [Jump(steps=1), Jump(steps=-1)]
    assert seen[:4] == [0, 1, 2, 3]
    assert seen[4] == 13
    after_back = seen[seen.index(13) + 1 :]
    assert any(index < 10 for index in after_back)


def test_several_presses_between_two_frames_are_one_jump():
    _, _, source = play([[]] * 3 + [keys(RIGHT, RIGHT), [], keys("q")])
    assert source.jumps == [Jump(steps=2)]


def test_single_frames_forward_play_on_and_back_jump():
    script = [[], keys(" "), [], keys("."), [], keys("."), [], keys(","), [], [], keys("q")]
    seen, screen, source = play(script)
    assert seen == [0, 1, 2, 3, 2]
    assert source.jumps == [Jump(frames_back=1)]
    assert screen.annotated_frames[-1].view.paused


def test_a_frame_key_pauses_a_clip_that_plays():
    seen, screen, _ = play([[], [], keys("."), [], [], [], keys("q")])
    assert seen == [0, 1, 2, 3]
    assert screen.annotated_frames[-1].view.paused


def test_while_paused_a_jump_shows_the_new_frame_and_stays_paused():
    seen, screen, _ = play([[], keys(" "), [], keys(RIGHT), [], [], [], keys("q")])
    assert seen == [0, 1, 11]
    assert screen.annotated_frames[-1].view.paused
    assert screen.annotated_frames[-1].status.place == "at 11"


def test_the_speed_changes_the_time_between_frames_and_not_the_frames():
    taken = {}
    for pressed in ("", "+", "-"):
        _, screen, _ = play([keys(*pressed)], holds_end=False)
        taken[pressed] = screen.clock()
    assert taken[""] == pytest.approx(29 / 30, abs=0.05)
    assert taken["+"] == pytest.approx(taken[""] / 2, abs=0.05)
    assert taken["-"] == pytest.approx(taken[""] * 2, abs=0.1)


def test_back_at_the_usual_speed_a_clip_goes_on_at_once():
    """Before, it stood still until the time that it had gained was over: for minutes, it may be."""
    script = [keys("+"), *[[]] * 149, keys("-")]
    seen, screen, _ = play(script, count=200, holds_end=False)
    assert seen == list(range(200))
    assert screen.clock() == pytest.approx(150 / 60 + 49 / 30, abs=0.1)


def test_another_speed_is_heard_while_a_slow_wait_lasts():
    """A clip of a picture a second at an eighth of its speed waits for eight seconds."""
    view = replace(VIEW, speed=0.125)
    script = [[]] * 4 + [keys("+", "+", "+")]
    _, screen, _ = play(script, count=2, rate=1.0, view=view, holds_end=False)
    assert screen.clock() == pytest.approx(0.25 + 1.0, abs=0.06)


def test_the_window_stays_on_the_last_frame_and_plays_again():
    script = [[]] * 12 + [keys("."), [], keys(" ")] + [[]] * 3 + [keys("q")]
    seen, screen, source = play(script, count=5)
    assert seen[:6] == [0, 1, 2, 3, 4, 0]
    assert source.jumps == [Jump(to_start=True)]
    assert not screen.annotated_frames[-1].view.paused


def test_from_the_end_it_can_be_stepped_back():
    seen, screen, _ = play([[]] * 12 + [keys(","), [], [], [], keys("q")], count=5)
    assert seen == [0, 1, 2, 3, 4, 3]
    assert screen.annotated_frames[-1].view.paused


def test_the_loop_begins_again_until_it_is_switched_off():
    seen, _, _ = play([keys("l")] + [[]] * 11 + [keys("l")] + [[]] * 9, count=4, holds_end=False)
    assert seen[:9] == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert seen[-1] == 3


def test_the_loop_asked_for_from_the_beginning_and_at_the_end():
    seen, _, _ = play([[]] * 9 + [keys("q")], count=3, view=replace(VIEW, loop=True))
    assert seen[:7] == [0, 1, 2, 0, 1, 2, 0]
    seen, _, _ = play([[]] * 9 + [keys("l")] + [[]] * 4 + [keys("q")], count=3)
    assert seen[:5] == [0, 1, 2, 0, 1]


def test_limits_end_a_run_also_where_it_loops_or_holds():
    looped = replace(VIEW, loop=True)
    seen, _, _ = play([], count=3, view=looped, limits=RunLimits(frames=2))
    assert seen == [0, 1]


def test_after_a_jump_the_limit_counts_the_frames_that_were_shown():
    seen, _, _ = play([[], keys(RIGHT)], limits=RunLimits(frames=6))
    assert seen == [0, 1, 11, 12, 13, 14]


def test_while_recording_there_is_no_jump_and_it_is_said():
    told = []
    script = [keys("r"), [], keys(RIGHT), [], keys(","), [], keys(" "), [], keys("q")]
    seen, _, source = play(script, screen_messages=ScreenMessages(told.append, lambda: 0.0))
    assert source.jumps == []
    assert seen[:4] == [0, 1, 2, 3]
    assert told.count(NO_JUMP_WHILE_RECORDING) == 2


def test_at_the_end_the_recording_is_closed_before_the_user_leaves():
    recorder = Collector()
    screen = ScriptedScreen([[]] * 20 + [keys("q")])
    pipeline = pipeline_of(
        SeekableList(frames_of(3)),
        screen=screen,
        holds_end=True,
        recorder=recorder,
    )
    run(pipeline, replace(VIEW, recording=True))
    assert [a.view.recording for a in recorder.annotated_frames] == [False]
    assert not screen.annotated_frames[-1].view.recording


def test_a_jump_is_a_gap_for_what_is_recorded_afterwards():
    screen = ScriptedScreen([[]] * 2 + [keys(RIGHT), [], keys("r"), [], keys("q")])
    pipeline = pipeline_of(SeekableList(frames_of(30)), screen=screen, holds_end=True)
    run(pipeline, VIEW)
    gaps = [a.status.gaps for a in pipeline.sinks[0].annotated_frames]
    assert gaps[0] == 0
    assert gaps[-1] == 1


def test_the_place_is_shown_after_a_jump_in_a_pause_and_at_another_speed_only():
    _, screen, _ = play([[], [], keys(" "), [], keys(" "), [], keys("+"), [], keys("q")])
    places = [a.status.place for a in screen.annotated_frames]
    assert places[0] == ""
    assert any(place and "x" not in place for place in places)
    assert places[-1].endswith("2 x")


def test_a_source_that_cannot_be_sought_ignores_the_keys():
    for source in (ListSource(frames_of(4)), SeekableList(frames_of(4), can_seek=False)):
        screen = ScriptedScreen([keys(LEFT, "l", "+")])
        run(pipeline_of(source, screen=screen), VIEW)
        last = screen.annotated_frames[-1].view
        assert (last.seek_steps, last.loop, last.speed) == (0, False, 1.0)
