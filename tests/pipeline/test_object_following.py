"""The things of a run: looked for once a frame, scored by the classifier, followed."""

from dataclasses import replace

import numpy as np
import pytest
from annotated_frames import class_map_of
from support import FakeModel, picture

from livecam.core.seek_and_speed import SEEK_S
from livecam.core.stats_record import csv_record, stats_record
from livecam.core.head import Head
from livecam.core.types import Activation, Frame, NetworkOutput
from livecam.core.view import View
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.inference import Inference
from livecam.pipeline.object_following import ObjectFollower, region_probability

BOXED = View(class_index=1, class_cycle=(0, 1, 2), boxes=True)


def frame(index=0, left=20, name=""):
    """A picture with one green square."""
    bgr = picture(96, 96, 0)
    bgr[30:60, left : left + 30, 1] = 255
    return Frame(bgr, index, index / 30, name)


def annotated(view=BOXED, of=None, follower=None):
    return annotate_frame(of or frame(), Inference(FakeModel()), view, follower=follower)


def sure(monkeypatch):
    """The fake's probabilities say nothing of places; here every place is sure."""
    monkeypatch.setattr("livecam.pipeline.object_following.region_probability", lambda *_: 1.0)


def test_nothing_is_looked_for_unless_it_is_asked(monkeypatch):
    sure(monkeypatch)
    plain = annotated(replace(BOXED, boxes=False))
    assert plain.objects == ()
    assert "objects" not in stats_record(plain, grid=False)
    assert stats_record(plain, grid=False, boxes=True)["objects"] == []


def test_a_thing_is_found_named_drawn_and_recorded(monkeypatch):
    sure(monkeypatch)
    boxed = annotated()
    (thing,) = boxed.objects
    assert (thing.id, thing.class_name) == (1, "daisy")
    assert thing.box.holds(35, 45)
    assert (boxed.picture != annotated(replace(BOXED, boxes=False)).picture).any()
    (recorded,) = stats_record(boxed, grid=False)["objects"]
    assert recorded["id"] == 1
    assert recorded["class"] == "daisy"
    assert len(recorded["box"]) == 4
    row = csv_record(stats_record(boxed, grid=False))
    assert row["object_count"] == 1
    assert row["objects"].startswith('[{"id": 1')


def test_boxes_of_the_record_are_not_mirrored(monkeypatch):
    sure(monkeypatch)
    plain, mirrored = annotated(), annotated(replace(BOXED, mirror=True))
    assert plain.objects == mirrored.objects
    assert (plain.picture[:, 12:84] != mirrored.picture[:, 12:84]).any()


def test_a_thing_keeps_its_number_over_frames_and_a_frame_drawn_again_changes_nothing(monkeypatch):
    sure(monkeypatch)
    follower, inference = ObjectFollower(), Inference(FakeModel())
    seen = []
    for index in range(10):
        moved = frame(index, left=20 + 2 * index)
        for view in (BOXED, replace(BOXED, opacity=0.2)):
            one = annotate_frame(moved, inference, view, follower=follower)
            seen.append(one.objects)
        assert seen[-1] == seen[-2]
    assert [[thing.id for thing in objects] for objects in seen] == [[1]] * 20
    assert seen[-1][0].box.left > seen[0][0].box.left


def test_another_class_and_another_picture_begin_anew(monkeypatch):
    sure(monkeypatch)
    follower = ObjectFollower()
    first = annotated(of=frame(0, name="a.jpg"), follower=follower)
    other_class = annotated(
        replace(BOXED, class_index=2), of=frame(0, name="a.jpg"), follower=follower
    )
    next_picture = annotated(of=frame(1, name="b.jpg"), follower=follower)
    named = [[(thing.id, thing.class_name) for thing in one.objects]
             for one in (first, other_class, next_picture)]  # fmt: skip
    assert named == [[(1, "daisy")], [(2, "leaf")], [(1, "daisy")]]


class CentredModel(FakeModel):
    """Its maps are to be drawn a cell further right."""

    def activation(self, network_output, class_index):
        return replace(super().activation(network_output, class_index), offset_px=(32.0, 0.0))


def two_squares():
    """Two small green squares, too small and too near for 7 x 7 cells to tell them apart."""
    bgr = picture(224, 224, 0)
    bgr[96:128, 80:104, 1] = bgr[96:128, 128:152, 1] = 255
    return Frame(bgr, 0, 0.0)


def test_while_the_picture_stands_still_a_finer_look_shows_at_once_what_it_finds(monkeypatch):
    """Before, what only the finer look told apart had no box until the picture went on."""
    sure(monkeypatch)
    follower, inference, still = ObjectFollower(), Inference(FakeModel()), two_squares()
    seen = [
        annotate_frame(still, inference, replace(BOXED, detail=detail), follower=follower).objects
        for detail in (1, 3, 3)
    ]
    assert [len(things) for things in seen] == [1, 2, 2]
    assert seen[0][0].id == 1
    assert {thing.id for thing in seen[1]} == {1, 2}  # one of them is the one of before
    assert seen[1] == seen[2]


def test_while_the_picture_stands_still_boxes_move_with_the_map(monkeypatch):
    sure(monkeypatch)
    follower, inference, still = ObjectFollower(), Inference(CentredModel()), two_squares()
    (there,), (moved,) = (
        annotate_frame(still, inference, replace(BOXED, place=place), follower=follower).objects
        for place in ("page", "measured")
    )
    assert moved.box.left - there.box.left == pytest.approx(32.0)
    assert moved.id == there.id


def test_asked_for_again_things_are_shown_at_once_with_numbers_that_none_has_had(monkeypatch):
    """Before, in a pause, they had none until the picture went on."""
    sure(monkeypatch)
    follower, inference = ObjectFollower(), Inference(FakeModel())
    shown = []
    for index, boxes in enumerate([True, False, True]):
        of, view = frame(6 * index, left=12 + 25 * index), replace(BOXED, boxes=boxes)
        shown.append(annotate_frame(of, inference, view, follower=follower).objects)
    assert [[thing.id for thing in things] for things in shown] == [[1], [], [2]]


def test_after_a_jump_of_a_key_things_are_shown_at_once(monkeypatch):
    sure(monkeypatch)
    follower, inference = ObjectFollower(), Inference(FakeModel())
    before = annotate_frame(frame(0), inference, BOXED, follower=follower)
    there = replace(frame(round(30 * SEEK_S), left=55), time_s=SEEK_S)
    after = annotate_frame(there, inference, BOXED, follower=follower)
    assert [thing.id for thing in (*before.objects, *after.objects)] == [1, 2]


def test_the_score_is_what_the_classifier_says_about_the_region_alone():
    features = np.zeros((7, 7, 2), np.float32)
    features[:, :3, 0] = features[:, 3:, 1] = 10.0
    head = Head(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
    output = NetworkOutput(features, features.mean((0, 1)), head)
    left = np.zeros((7, 7), np.float32)
    left[:, :3] = 0.5
    assert region_probability(output, left, 0) == pytest.approx(1 / (1 + np.exp(-10)))
    assert region_probability(output, 1 - 2 * left, 0) < 0.001


def test_what_the_classifier_calls_something_else_is_no_thing():
    grid = np.full((7, 7), -5.0, np.float32)
    grid[2:5, 2:5] = 40.0
    features = np.repeat(grid[..., np.newaxis], 1, axis=2)
    for other, count in ((0.5, 1), (2.0, 0)):
        head = Head(np.array([[1.0, other]], np.float32), np.zeros(2, np.float32))
        output = NetworkOutput(features, features.mean((0, 1)) @ head.kernel, head)
        shown = class_map_of(Activation(grid, output.logits), 0, output)
        objects = ObjectFollower().objects_in(frame(), FakeModel(), shown, BOXED)
        assert len(objects) == count


def test_boxes_end_where_the_network_looked(monkeypatch):
    """Before, those that left it went on beside it, up to the picture's rim and beyond."""
    sure(monkeypatch)
    follower, inference, found = ObjectFollower(), Inference(FakeModel()), 0
    for index in range(12):
        bgr = picture(192, 96, 0)  # the square in the middle: columns 48 to 144
        if index < 8:
            bgr[30:60, 80 + 6 * index : 110 + 6 * index, 1] = 255
        moved = Frame(bgr, index, index / 30)
        boxed = annotate_frame(moved, inference, BOXED, follower=follower)
        for thing in boxed.objects:
            found += 1
            assert thing.box.left >= 48
            assert thing.box.right <= 144
    assert found >= 8
