"""Things followed over time: no swapped numbers, no flicker, no box that stays where nothing is."""

import numpy as np
import pytest

from livecam.core.bounding_box import Box, intersection_over_union
from livecam.core.located_object import LocatedObject
from livecam.core.object_tracker import BEGIN_SCORE, SHOWN_UNSEEN_S, SLOW_STEP_S, ObjectTracker

STEP_S = 1 / 30


def thing(x, y=100.0, side=40.0, score=0.9, class_name="daisy"):
    """A found thing with its middle at x, y."""
    return LocatedObject(Box(x - side / 2, y - side / 2, side, side), score, 0, class_name)


def followed(frames, tracker=None, step_s=STEP_S, from_s=0.0):
    """The trackers after each of the frames (lists of found things)."""
    tracker, states = tracker or ObjectTracker(), []
    for number, found in enumerate(frames):
        tracker = tracker.after(found, from_s + number * step_s)
        states.append(tracker)
    return states


def middles(tracker):
    """{number: x of its middle}."""
    return {one.id: one.box.centre[0] for one in tracker.objects}


def test_what_is_there_from_the_first_frame_is_shown_at_once():
    (tracker,) = followed([[thing(50), thing(300)]])
    assert middles(tracker) == {1: 50, 2: 300}


@pytest.mark.parametrize("step_s", [SLOW_STEP_S, 1.0])
def test_of_frames_that_are_far_apart_each_shows_what_is_sure_at_once(step_s):
    """Pictures that the library is given, and slow cameras: before, most showed nothing."""
    states = followed([[thing(50)], [thing(300), thing(200, score=0.5)], [thing(50)]], None, step_s)
    assert [list(middles(state)) for state in states] == [[1], [2], [1]]


def test_no_frame_has_anything_that_was_never_found():
    assert followed([[], []])[-1].objects == ()


def test_a_thing_keeps_its_number_while_it_moves():
    states = followed([[thing(50 + 4 * n)] for n in range(60)])
    assert all(list(middles(state)) == [1] for state in states)
    assert middles(states[-1])[1] == pytest.approx(50 + 4 * 59, abs=4)


def test_a_fast_thing_that_leaps_by_more_than_itself_keeps_its_number():
    states = followed([[thing(50 + 45 * n, side=40)] for n in range(8)])
    assert list(middles(states[-1])) == [1]


def test_two_that_pass_each_other_do_not_swap_their_numbers():
    rng = np.random.default_rng(0)
    frames = []
    for n in range(60):
        both = [thing(50 + 5 * n, 100), thing(350 - 5 * n, 112)]
        frames.append(both if rng.random() < 0.5 else both[::-1])
    last = middles(followed(frames)[-1])
    assert sorted(last.values()) == pytest.approx([55, 345], abs=8)
    first = middles(followed(frames[:1])[-1])
    going_right = min(first, key=first.__getitem__)
    assert last[going_right] == pytest.approx(345, abs=8)


def test_two_that_are_one_for_a_moment_are_the_same_two_afterwards():
    frames = [[thing(100 + 5 * n), thing(300 - 5 * n)] for n in range(17)]
    frames += [[thing(200)] for _ in range(6)]
    frames += [[thing(215 + 5 * n), thing(185 - 5 * n)] for n in range(20)]
    states = followed(frames)
    assert {number for state in states for number in middles(state)} == {1, 2}


def test_a_gap_of_a_few_frames_is_bridged():
    frames = [[thing(100)]] * 10 + [[]] * 5 + [[thing(102)]] * 5
    assert all(list(middles(state)) == [1] for state in followed(frames))


def test_what_disappears_is_shown_no_longer_than_a_moment():
    states = followed([[thing(100)]] * 10 + [[]] * 40)
    shown = [bool(state.objects) for state in states]
    assert shown.index(False) == pytest.approx(10 + SHOWN_UNSEEN_S / STEP_S, abs=1)
    assert not any(shown[shown.index(False) :])


def test_what_comes_back_soon_has_its_number_back_and_later_a_new_one():
    soon = followed([[thing(100)]] * 10 + [[]] * 20 + [[thing(100)]] * 3)
    assert list(middles(soon[-1])) == [1]
    late = followed([[thing(100)]] * 10 + [[]] * 60 + [[thing(100)]] * 10)
    assert list(middles(late[-1])) == [2]


def test_a_blip_is_never_shown_and_takes_no_number():
    frames = [[thing(100)]] * 10 + [[thing(100), thing(400)]] + [[thing(100)]] * 10
    frames += [[thing(100), thing(250)]] * 10
    states = followed(frames)
    assert {number for state in states for number in middles(state)} == {1, 2}
    assert middles(states[-1])[2] == pytest.approx(250)


def test_what_is_unsure_goes_on_but_never_begins():
    unsure = BEGIN_SCORE - 0.2
    assert followed([[thing(100, score=unsure)]] * 30)[-1].objects == ()
    states = followed([[thing(100)]] * 5 + [[thing(100, score=unsure)]] * 60)
    (shown,) = states[-1].objects
    assert (shown.id, shown.score) == (1, pytest.approx(unsure, abs=0.01))


def test_jitter_is_smoothed():
    rng = np.random.default_rng(1)
    found = [[thing(200 + rng.normal(0, 4), 100, 40 + rng.normal(0, 4))] for _ in range(200)]
    shown = [state.objects[0].box for state in followed(found)[50:]]
    jumps = np.abs(np.diff([box.left for box in shown]))
    jumps_found = np.abs(np.diff([one[0].box.left for one in found]))
    assert jumps.mean() < 0.35 * jumps_found.mean()
    truth = thing(200, 100, 40).box
    assert min(intersection_over_union(box, truth) for box in shown) > 0.7


def test_smoothing_is_the_same_at_any_frame_rate():
    slow, fast = (
        followed([[thing(100)]] + [[thing(110)]] * count, step_s=0.4 / count)[-1]
        for count in (6, 24)
    )
    assert middles(slow)[1] == pytest.approx(middles(fast)[1], abs=1.5)


def test_after_a_cut_the_boxes_of_the_scene_before_are_gone_at_once():
    before = followed([[thing(100), thing(200)]] * 10)[-1]
    states = followed([[thing(500, 300), thing(600, 90)]] * 10, before, from_s=10 * STEP_S)
    assert not set(middles(states[0])) & {1, 2}
    assert set(middles(states[-1])) == {3, 4}


def test_a_step_back_or_far_ahead_begins_anew():
    before = followed([[thing(100)]] * 10)[-1]
    for elsewhere_s in (0.0, 60.0):
        after = before.after([thing(100)], elsewhere_s)
        assert list(middles(after)) == [2]


def test_a_slow_source_keeps_its_numbers_too():
    states = followed([[thing(100 + n)] for n in range(5)], step_s=2.0)
    assert all(list(middles(state)) == [1] for state in states)


def test_another_class_is_another_thing():
    frames = [[thing(100)]] * 5 + [[thing(100, class_name="tulip")]] * 10
    (shown,) = followed(frames)[-1].objects
    assert (shown.id, shown.class_name) == (2, "tulip")


def test_two_frames_of_the_same_time_do_no_harm():
    tracker = ObjectTracker().after([thing(100)], 1.0).after([thing(104)], 1.0)
    assert list(middles(tracker)) == [1]


def test_a_mismatch_makes_no_box_fly_away():
    """Before, the box left the picture at the speed of the leap, with its score frozen."""
    states = followed([[thing(300)]] * 6 + [[thing(256)]] + [[]] * 7)
    ((_, last),) = middles(states[-1]).items()
    assert last >= 256 - 40  # its own width


def test_what_moves_out_of_what_was_searched_is_shown_no_longer_and_boxes_end_there():
    seen = Box(100, 0, 300, 300)
    tracker = ObjectTracker()
    for n in range(20):
        tracker = tracker.after([thing(280 + 5 * n)] if n < 12 else [], n * STEP_S, seen)
        for one in tracker.objects:
            assert one.box.within(seen) == one.box
    leaving = ObjectTracker()
    for n in range(10):
        leaving = leaving.after([thing(300 + 11 * n)], n * STEP_S, seen)
    (shown,) = leaving.objects
    assert shown.box.right == 400
    for n in range(10, 13):
        leaving = leaving.after([], n * STEP_S, seen)
    assert leaving.objects == ()
    assert leaving.tracks == ()
