"""The frame on the screen is judged beside the loop: it goes on, and shows what there is."""

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest
from fake_pipeline import VIEW, SlowSink, keys, pipeline_of
from support import WAIT_S, Collector, FakeModel, ListSource, ScriptedScreen, eventually, textured

from livecam.core.map_quality.deletion_insertion import ALL_POINTS
from livecam.core.types import Frame
from livecam.errors import SinkError
from livecam.pipeline.frame_judge import FrameJudge
from livecam.pipeline.judging_task import PICTURE_HEIGHT_PX
from livecam.pipeline.inference import Inference
from livecam.pipeline.loop import run

JUDGED = replace(VIEW, judged=True)


class GreenModel(FakeModel):
    """The more green, the more of a ball: class 0."""

    def infer(self, rgb):
        output = super().infer(rgb)
        logits = np.zeros(len(self.labels), np.float32)
        logits[0] = rgb[:, :, 1].mean() / 32.0
        return replace(output, known_logits=logits)


def frames(count: int, size: tuple[int, int] = (320, 240)) -> list[Frame]:
    return [Frame(textured(*size, seed), seed, seed / 30.0) for seed in range(count)]


def judge_of(model=None) -> FrameJudge:
    return FrameJudge(Inference(model or GreenModel()), rest=lambda _: None)


def judged_whole(judge: FrameJudge, view, frame: Frame):
    result = judge._inference.result_for(frame)

    def whole():
        found = judge.judgement(view, frame, result)
        return found if found is not None and found.curves.is_complete else None

    return eventually(whole)


def test_nothing_is_judged_until_it_is_asked_for():
    judge, (frame,) = judge_of(), frames(1)
    assert judge.judgement(VIEW, frame, judge._inference.result_for(frame)) is None
    assert judge.points == 0
    assert judge._inference.model.calls == 1


def test_both_curves_of_the_frame_that_is_shown():
    judge, (frame,) = judge_of(), frames(1)
    found = judged_whole(judge, replace(JUDGED, class_index=0), frame)
    assert found.class_name == "ball"
    assert found.curves.points == ALL_POINTS
    assert found.probability == found.curves.deletion[0] == found.curves.insertion[-1]
    assert judge._inference.model.calls == 1 + ALL_POINTS - 1
    judge.close()


def test_the_frame_that_was_shown_stays_the_judged_one():
    judge, (first, second) = judge_of(), frames(2)
    found = judged_whole(judge, JUDGED, first)
    again = judge.judgement(JUDGED, second, judge._inference.result_for(second))
    assert again is found
    judge.close()


def test_asked_again_another_frame_is_judged():
    judge, (first, second) = judge_of(), frames(2)
    before = judged_whole(judge, JUDGED, first)
    result = judge._inference.result_for(second)
    assert judge.judgement(VIEW, second, result) is None
    after = judged_whole(judge, JUDGED, second)
    assert (before.number, after.number) == (1, 2)
    assert (before.picture != after.picture).any()
    judge.close()


@pytest.mark.parametrize("mirror", [False, True])
def test_its_picture_is_what_the_network_saw_small_as_the_screen_shows_it(mirror):
    judge, (frame,) = judge_of(), frames(1, (800, 600))
    view = replace(JUDGED, mirror=mirror, overlay=False)
    shown = judged_whole(judge, view, frame).picture
    assert shown.shape == (PICTURE_HEIGHT_PX, PICTURE_HEIGHT_PX, 3)
    square = frame.bgr[:, 100:700]
    if mirror:
        square = square[:, ::-1]
    corner = square[:20, :20].mean(axis=(0, 1))
    assert np.abs(shown[:8, :8].mean(axis=(0, 1)) - corner).max() < 6
    judge.close()


def test_what_the_network_raises_ends_the_run():
    class Failing(GreenModel):
        def infer(self, rgb):
            if self.calls:
                raise RuntimeError("the engine is gone")
            return super().infer(rgb)

    judge, (frame,) = judge_of(Failing()), frames(1)
    result = judge._inference.result_for(frame)

    def raised():
        try:
            judge.judgement(JUDGED, frame, result)
        except RuntimeError as error:
            return error
        return None

    assert str(eventually(raised)) == "the engine is gone"


def test_closing_waits_for_the_thread():
    judge, (frame,) = judge_of(), frames(1)
    judge.judgement(JUDGED, frame, judge._inference.result_for(frame))
    thread = judge._task._thread
    judge.close()
    assert not thread.is_alive()


def judges() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "livecam-judge"]


def test_closing_waits_for_what_was_taken_away_before_too():
    """A thread that is in the network while Python ends would take the process with it."""
    entered, leave = threading.Event(), threading.Event()

    class Slow(GreenModel):
        def infer(self, rgb):
            if self.calls:
                entered.set()
                leave.wait(WAIT_S)
            return super().infer(rgb)

    judge, (frame,) = judge_of(Slow()), frames(1)
    result = judge._inference.result_for(frame)
    judge.judgement(JUDGED, frame, result)
    assert entered.wait(WAIT_S)
    assert judge.judgement(VIEW, frame, result) is None
    assert judges()
    leave.set()
    judge.close()
    assert not judges()


def test_it_does_not_rest_when_nobody_asks_any_more():
    times_s = itertools.count(0.0, 1e6)
    judge = FrameJudge(Inference(GreenModel()), clock=lambda: next(times_s))
    (frame,) = frames(1)
    judge.judgement(JUDGED, frame, judge._inference.result_for(frame))
    judge.close()
    assert not judges()


class FullDisk(Collector):
    def show(self, annotated):
        raise SinkError("disk full")


def test_no_judge_is_left_behind_by_a_run_that_fails():
    pipeline = pipeline_of(ListSource(frames(3)), sinks=[FullDisk()], model=GreenModel())
    with pytest.raises(SinkError):
        run(pipeline, JUDGED)
    assert not judges()


def test_no_judge_is_left_behind_where_the_end_waits_for_a_sink():
    """Before, the wait began another judgement, and nobody ended it."""
    screen = ScriptedScreen()
    sink = SlowSink(screen.clock, every_s=1.0)
    pipeline = pipeline_of(ListSource(frames(2)), sinks=[sink], screen=screen, model=GreenModel())
    run(pipeline, JUDGED)
    assert sink.is_idle()
    assert not judges()
    assert {shown.status.judgement.number for shown in screen.annotated_frames
            if shown.status.judgement is not None} <= {1}  # fmt: skip


def test_the_key_judges_in_the_loop_and_every_frame_is_shown_and_sunk():
    """Twenty frames go on while the judgement is computed; Esc takes it away and does not quit."""
    sink = Collector()
    screen = ScriptedScreen([[], keys("e"), *[[]] * 8, keys("\x1b"), *[[]] * 9])
    pipeline = pipeline_of(ListSource(frames(20)), sinks=[sink], screen=screen)
    summary = run(pipeline, VIEW)
    assert summary.frames == 20
    assert [annotated.frame.index for annotated in sink.annotated_frames] == list(range(20))
    views = [annotated.view.judged for annotated in sink.annotated_frames]
    assert any(views)
    assert not views[-1]


def test_a_still_picture_is_drawn_again_as_its_curves_grow():
    """A paused picture shows the whole judgement in the end, without a key."""

    class Patient(ScriptedScreen):
        """Leaves once the judgement is whole."""

        def events(self, wait_s):
            shown = self.annotated_frames[-1].status.judgement if self.annotated_frames else None
            if shown is not None and shown.curves.is_complete:
                return keys("q")
            return super().events(wait_s)

    screen = Patient([keys("e")])
    pipeline = pipeline_of(ListSource(frames(2)), screen=screen, model=GreenModel())
    run(pipeline, replace(VIEW, paused=True))
    assert screen.annotated_frames[-1].status.judgement.curves.is_complete


def test_it_rests_as_long_as_each_look_took():
    """By its own clock, whatever the pipeline's says meanwhile."""
    times_s, rests_s = iter(range(1000)), []
    inference = Inference(GreenModel(), clock=lambda: 1e9)
    judge = FrameJudge(inference, clock=lambda: float(next(times_s)), rest=rests_s.append)
    judged_whole(judge, JUDGED, frames(1)[0])
    judge.close()
    assert rests_s == [1.0] * (ALL_POINTS - 1)
