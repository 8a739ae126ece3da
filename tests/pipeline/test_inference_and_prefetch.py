"""Stages that work at the same time give what they would give one after the other."""

import threading
from itertools import pairwise
from dataclasses import replace

import numpy as np
import pytest
from fake_pipeline import VIEW, keys, pipeline_of
from support import FakeModel, ListSource, ScriptedScreen, frames_of, textured

from livecam.core.network_size import Look
from livecam.errors import SourceLostError
from livecam.pipeline import prefetch
from livecam.pipeline.inference import Inference
from livecam.pipeline.loop import run
from livecam.pipeline.prefetch import Prefetcher
from livecam.core.types import Frame, Waiting


def clip(count: int) -> list[Frame]:
    """Frames that all differ."""
    return [Frame(textured(320, 240, seed), seed, seed / 30) for seed in range(count)]


def test_items_come_in_order_and_the_error_after_the_last_of_them():
    def items():
        yield from range(100)
        raise SourceLostError("unplugged")

    taken = []
    with pytest.raises(SourceLostError, match="unplugged"), Prefetcher(items()) as ahead:
        taken.extend(iter(ahead))
    assert taken == list(range(100))


def test_no_more_than_the_depth_is_made_ahead():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    with Prefetcher(items(), depth=3) as ahead:
        for count, _ in enumerate(ahead, start=1):
            # Those taken, those waiting, and the one that waits to be put down.
            assert len(made) <= count + 3 + 1


def test_leaving_early_ends_the_thread_and_closes_the_iterator_in_it():
    closed_by = []

    def items():
        try:
            while True:
                yield 1
        finally:
            closed_by.append(threading.current_thread().name)

    with Prefetcher(items()) as ahead:
        assert next(iter(ahead)) == 1
    assert closed_by == ["livecam-ahead"]


def test_what_is_no_frame_passes_through_in_order():
    frames = clip(6)
    items = [frames[0], "waiting", *frames[1:3], "waiting", *frames[3:]]
    assert list(Inference(FakeModel(), overlapped=True).ahead(items)) == items


@pytest.mark.parametrize("every", [1, 3])
def test_with_and_without_overlap_every_frame_is_the_same(every):
    runs = []
    for overlapped in (False, True):
        pipeline = pipeline_of(ListSource(clip(40)), every=every, overlapped=overlapped)
        assert run(pipeline, VIEW).frames == 40
        assert pipeline.model.calls == -(-40 // every)
        runs.append(pipeline.sinks[0].annotated_frames)
    for one, other in zip(*runs, strict=True):
        assert one.frame.index == other.frame.index
        assert one.stats == other.stats
        assert (one.picture == other.picture).all()


def test_with_every_the_map_is_held_in_between_and_the_picture_is_not():
    pipeline = pipeline_of(ListSource(clip(6)), every=3)
    run(pipeline, VIEW)
    annotated_frames = pipeline.sinks[0].annotated_frames
    grids = [annotated.activation.grid for annotated in annotated_frames]
    assert (grids[0] == grids[2]).all()
    assert (grids[3] == grids[5]).all()
    assert (grids[2] != grids[3]).any()
    assert all((a.picture != b.picture).any() for a, b in pairwise(annotated_frames))


@pytest.mark.parametrize("overlapped", [False, True])
@pytest.mark.parametrize(
    ("items", "calls"),
    [
        ([replace(f, is_photograph=True, name="album") for f in clip(4)], 4),
        ([replace(f, name="a.mp4" if f.index < 2 else "b.mp4") for f in clip(4)], 2),
        ([*clip(4)[:2], Waiting(1.0, "camera 0 gives no picture"), *clip(4)[2:]], 2),
        ([*clip(4)[:2], Waiting(1.0), *clip(4)[2:]], 1),  # the next one is simply not due yet
    ],
)
def test_a_map_is_not_kept_for_what_shows_something_else(items, calls, overlapped):
    """Before, with --every 2, every second photograph had the map of the one before it."""
    inference = Inference(FakeModel(), every=4, overlapped=overlapped)
    for item in inference.ahead(items):
        if isinstance(item, Frame):
            inference.result_for(item)
    assert inference.model.calls == calls


def test_after_a_jump_the_map_is_of_the_frame_there():
    one, other = clip(3), [replace(f, index=f.index + 90, time_s=f.time_s + 3) for f in clip(3)]
    inference = Inference(FakeModel(), every=9)
    for frames in (one, other):
        for frame in inference.ahead(frames):
            inference.result_for(frame)
    assert inference.model.calls == 2


@pytest.mark.parametrize("between", [Waiting(9.0, "camera 0 gives no picture"), None])
def test_the_exact_place_takes_no_mean_with_what_was_shown_before_a_loss(between):
    first, second, third = clip(3)
    inference = Inference(FakeModel(), alternates=True)
    inference.look = Look(is_exact=True)
    items = [first, second, *filter(None, [between]), third]
    calls = []
    for item in inference.ahead(items):
        if isinstance(item, Frame):
            inference.result_for(item)
            calls.append(inference.model.calls)
    assert calls == ([2, 3, 5] if between else [2, 3, 4])


def test_the_exact_place_takes_no_mean_with_what_was_shown_when_it_was_left():
    first, second, third = clip(3)
    inference = Inference(FakeModel(), alternates=True)
    for frame, is_exact in ((first, True), (second, False), (third, True)):
        inference.look = Look(is_exact=is_exact)
        inference.result_for(frame)
    assert inference.model.calls == 2 + 1 + 2


def test_a_key_acts_on_the_very_next_picture_however_far_ahead_the_network_is():
    pipeline = pipeline_of(
        ListSource(clip(6)), screen=ScriptedScreen([[], keys("n"), [], keys("v")]), overlapped=True
    )
    run(pipeline, VIEW)
    annotated_frames = pipeline.sinks[0].annotated_frames
    assert [annotated.stats.class_index for annotated in annotated_frames] == [1, 1, 2, 2, 2, 2]
    assert [annotated.view.style for annotated in annotated_frames][3:] == [
        "colour",
        "brightness",
        "brightness",
    ]


def test_a_held_frame_is_drawn_again_without_the_network():
    screen = ScriptedScreen([[], keys(" "), keys("v"), keys("c"), keys("n"), [], keys(" ")])
    pipeline = pipeline_of(ListSource(frames_of(4)), screen=screen)
    run(pipeline, VIEW)
    assert len(screen.annotated_frames) > 4
    assert pipeline.model.calls == 4


def test_overlapped_a_lost_source_ends_in_order_and_errors_of_the_network_travel():
    source = ListSource(clip(9), error=SourceLostError("unplugged"))
    pipeline = pipeline_of(source, overlapped=True)
    summary = run(pipeline, VIEW)
    assert len(pipeline.sinks[0].annotated_frames) == summary.frames == 9
    assert str(summary.lost) == "unplugged"

    class Broken(FakeModel):
        def infer(self, rgb):
            if self.calls == 4:
                raise RuntimeError("out of memory")
            return super().infer(rgb)

    broken = pipeline_of(ListSource(clip(9)), overlapped=True, model=Broken())
    with pytest.raises(RuntimeError, match="out of memory"):
        run(broken, VIEW)
    assert len(broken.sinks[0].annotated_frames) == 4


def test_a_person_who_leaves_leaves_no_thread_behind():
    pipeline = pipeline_of(
        ListSource(clip(30)), screen=ScriptedScreen([[], keys("q")]), overlapped=True
    )
    assert run(pipeline, VIEW).frames == 2
    assert not [t for t in threading.enumerate() if t.name == "livecam-ahead"]


def test_pictures_of_different_sizes_keep_their_own_squares():
    frames = [
        Frame(textured(*size, seed=n), n, n / 30) for n, size in enumerate([(320, 240), (240, 500)])
    ]
    pipeline = pipeline_of(ListSource(frames), every=2, overlapped=True)
    run(pipeline, replace(VIEW, record_figures=False))
    assert [annotated.box.height for annotated in pipeline.sinks[0].annotated_frames] == [240, 240]
    for annotated in pipeline.sinks[0].annotated_frames:
        outside = np.ones(annotated.picture.shape[:2], bool)
        box = annotated.box
        box.part_of(outside)[:] = False
        assert (annotated.picture[outside] == annotated.frame.bgr[outside]).all()


def test_whoever_waits_long_stays_awake(monkeypatch):
    monkeypatch.setattr(prefetch, "IDLE_S", 0.001)
    free = threading.Event()

    def items():
        yield 1
        free.wait()
        yield 2

    with Prefetcher(items(), idle=0) as ahead:
        seen = iter(ahead)
        assert next(item for item in seen if item) == 1
        assert next(seen) == 0
        free.set()
        assert [item for item in seen if item] == [2]


def test_a_key_acts_on_the_very_next_picture_whatever_the_network_is_ahead_of():
    presses = [[], [], keys("g"), [], keys("w"), [], []]
    pipeline = pipeline_of(ListSource(clip(7)), screen=ScriptedScreen(presses), overlapped=True)
    run(pipeline, VIEW)
    shapes = [a.activation.grid.shape for a in pipeline.sinks[0].annotated_frames]
    assert shapes == [(7, 7)] * 3 + [(14, 14)] * 2 + [(14, 19)] * 2
    boxes = [a.box.covers(320, 240) for a in pipeline.sinks[0].annotated_frames]
    assert boxes == [False] * 5 + [True] * 2


def test_a_frame_that_stands_still_is_looked_at_again_when_the_detail_changes():
    (frame,) = clip(1)
    inference = Inference(FakeModel())
    coarse = inference.result_for(frame)
    assert inference.result_for(frame) is coarse
    inference.look = Look("frame", 3)
    fine = inference.result_for(frame)
    assert fine.network_output.features.shape[:2] == (21, 28)
    assert (coarse.box.width, fine.box.width) == (240, 320)
    assert inference.model.calls == 2


def test_a_map_that_is_kept_for_the_frames_in_between_is_of_their_own_detail():
    first, second, third = clip(3)
    inference = Inference(FakeModel(), every=3)
    for frame, detail, calls in [(first, 1, 1), (second, 1, 1), (second, 2, 2), (third, 2, 2)]:
        inference.look = Look(detail=detail)
        features = inference.result_for(frame).network_output.features
        assert features.shape[:2] == (7 * detail, 7 * detail)
        assert inference.model.calls == calls
