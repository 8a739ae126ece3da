"""The class that follows what is seen: the most probable one, without flickering."""

from dataclasses import replace

import numpy as np
import pytest

from livecam.core import key_bindings
from livecam.core.class_following import HOLD_S, ClassFollower
from livecam.core.events import Change, KeyPress
from livecam.core.types import Frame, NetworkOutput
from livecam.core.view import View

FOLLOWING = View(class_index=0, class_cycle=(0, 1, 2), follows=True)
NO_FEATURES = np.zeros((7, 7, 1), np.float32)


def shown_classes(winners, *, view=FOLLOWING, step_s=0.1, names=None, odds=9.0):
    """The class shown for each frame; its winner is `odds` times as probable as any other."""
    follower, shown = ClassFollower(), []
    for number, winner in enumerate(winners):
        logits = np.zeros(4, np.float32)
        logits[winner] = np.log(odds)
        frame = Frame(None, number, number * step_s, names[number] if names else "")
        view = follower.view_of(view, frame, NetworkOutput(NO_FEATURES, logits))
        shown.append(view.class_index)
    return shown


def test_the_first_frame_shows_its_most_probable_class_at_once():
    assert shown_classes([2]) == [2]


def test_a_class_that_leads_for_long_enough_is_followed_and_a_short_one_is_not():
    assert shown_classes([1] * 3 + [2] * 7) == [1] * 7 + [2] * 3
    assert shown_classes([1, 1, 2, 2, 2, 1, 1, 2, 2, 1]) == [1] * 10


def test_two_classes_that_are_about_as_probable_do_not_flicker():
    assert shown_classes([1, *[2, 1] * 50, *[2] * 50], odds=1.2) == [1] * 151


@pytest.mark.parametrize("step_s", [1 / 60, 1 / 30, 0.2, 1.0, 60.0])
def test_at_any_rate_a_new_class_is_followed_within_half_a_second_or_two_frames(step_s):
    frames = max(2, round(0.5 / step_s) + 2)
    assert shown_classes([1] + [2] * frames, step_s=step_s)[-1] == 2


@pytest.mark.parametrize("step_s", [HOLD_S, 1.0, 60.0])
def test_frames_that_are_far_apart_show_what_leads_at_once(step_s):
    """Pictures that the library is given, and slow cameras: before, they were one class behind."""
    assert shown_classes([1, 2, 0, 2], step_s=step_s) == [1, 2, 0, 2]
    assert shown_classes([1, 2, 1], step_s=step_s, odds=1.2) == [1, 1, 1]


def test_a_frame_that_stands_still_shows_at_once_what_another_look_sees():
    follower, frame, view = ClassFollower(), Frame(None, 0, 0.0), FOLLOWING
    shown = []
    for winner in (1, 1, 2, 2):
        output = NetworkOutput(NO_FEATURES, np.eye(4, dtype=np.float32)[winner] * 9)
        view = follower.view_of(view, frame, output)
        shown.append(follower.view_of(view, frame, output).class_index)
    assert shown == [1, 1, 2, 2]


def test_every_picture_of_a_folder_shows_its_own_class_at_once():
    names = ["a.jpg", "b.jpg", "c.jpg"]
    assert shown_classes([1, 2, 0], names=names, step_s=1.0) == [1, 2, 0]


def test_only_the_classes_of_the_cycle_are_followed():
    assert shown_classes([3, 3], view=replace(FOLLOWING, class_cycle=(1, 2))) == [1, 1]


def test_time_that_steps_back_does_not_hold_a_class_for_ever():
    follower, view = ClassFollower(), FOLLOWING
    for time_s, winner in [(100.0, 1), (100.1, 2), (0.0, 2), (0.5, 2)]:
        logits = np.eye(4, dtype=np.float32)[winner] * 9
        view = follower.view_of(view, Frame(None, 0, time_s), NetworkOutput(NO_FEATURES, logits))
    assert view.class_index == 2


@pytest.mark.parametrize("event", [KeyPress("n"), KeyPress("p")])
def test_a_key_that_changes_the_class_ends_the_following(event):
    view = key_bindings.after_event(FOLLOWING, event)
    assert not view.follows
    assert shown_classes([0, 0], view=view) == [view.class_index] * 2


def test_what_follows_again_shows_the_most_probable_class_at_once():
    follower, frame = ClassFollower(), Frame(None, 0, 0.0)
    output = NetworkOutput(NO_FEATURES, np.eye(4, dtype=np.float32)[2] * 9)
    view = follower.view_of(FOLLOWING, frame, output)
    chosen = key_bindings.after_event(view, Change({"class_index": 1, "follows": False}))
    assert follower.view_of(chosen, frame, output).class_index == 1
    again = key_bindings.after_event(chosen, Change({"follows": True}))
    assert follower.view_of(again, frame, output).class_index == 2
