"""What waits to be sent: in order, bounded, the oldest updates going first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.outgoing_queue import Outgoing, OutgoingQueue, QueueLimits


def taken(queue):
    """All that waits, in order."""
    found = []
    while (message := queue.take()) is not None:
        found.append(message.content)
    return found


def test_messages_come_out_in_the_order_in_which_they_were_put():
    queue = OutgoingQueue()
    for content in "abc":
        queue.put(Outgoing(content, 1))
    assert taken(queue) == ["a", "b", "c"]
    assert queue.take() is None


def test_the_oldest_updates_are_dropped_first_and_counted():
    queue = OutgoingQueue(QueueLimits(messages=3))
    for content in ("start 1", "update 1", "update 2", "end 1", "start 2"):
        queue.put(Outgoing(content, 1, is_update=content.startswith("update")))
    assert queue.dropped == 2
    assert taken(queue) == ["start 1", "end 1", "start 2"]


def test_without_updates_the_oldest_go():
    queue = OutgoingQueue(QueueLimits(messages=2))
    for content in "abcd":
        queue.put(Outgoing(content, 1))
    assert (taken(queue), queue.dropped) == (["c", "d"], 2)


def test_pictures_are_bounded_by_their_size():
    queue = OutgoingQueue(QueueLimits(size_bytes=100))
    queue.put(Outgoing("large", 60))
    queue.put(Outgoing("larger", 70))
    assert (taken(queue), queue.dropped) == (["larger"], 1)
    queue.put(Outgoing("too large for all", 101))
    assert (len(queue), queue.dropped) == (0, 2)


def test_a_newer_probability_takes_the_place_of_an_older_one():
    queue = OutgoingQueue()
    for content in ("0.1", "0.2"):
        queue.put(Outgoing(content, 1, key="probability", when_newer="replace"))
    assert (taken(queue), queue.dropped) == (["0.2"], 0)


@pytest.mark.parametrize(("is_stuck", "kept"), [(False, ["ON", "OFF"]), (True, ["OFF"])])
def test_a_state_is_told_though_it_is_over_unless_nothing_gets_through(is_stuck, kept):
    queue = OutgoingQueue()
    for content in ("ON", "OFF"):
        message = Outgoing(content, 1, key="state", when_newer="replace if stuck")
        queue.put(message, is_stuck=is_stuck)
    assert taken(queue) == kept


def test_a_message_in_hand_is_worthless_where_a_newer_one_waits():
    queue = OutgoingQueue()
    state = Outgoing("ON", 1, key="state", when_newer="replace if stuck")
    moment = Outgoing("start", 1, key="state")
    assert not queue.has_newer(state)
    queue.put(Outgoing("OFF", 1, key="state", when_newer="replace if stuck"))
    assert queue.has_newer(state)
    assert not queue.has_newer(moment)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.booleans()), max_size=60),
    st.integers(1, 10),
    st.integers(1, 100),
)
def test_the_bounds_always_hold_and_nothing_is_lost_uncounted(given_messages, most, most_bytes):
    queue = OutgoingQueue(QueueLimits(most, most_bytes))
    came_out = 0
    for number, (size, is_update, is_taken) in enumerate(given_messages):
        queue.put(Outgoing(number, size, is_update=is_update))
        assert len(queue) <= most
        if is_taken and queue.take() is not None:
            came_out += 1
    left = taken(queue)
    assert left == sorted(left)
    assert came_out + len(left) + queue.dropped == len(given_messages)


def test_waits_double_up_to_the_longest():
    back_off = BackOff(first_s=1, longest_s=60)
    waits_s = [back_off.wait_s(failures) for failures in range(1, 9)]
    assert waits_s == [1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off.wait_s(10_000) == 60


def test_a_message_is_given_up_after_its_tries_or_its_time():
    assert not BackOff().is_over(10_000, 3600)  # an hour's outage loses nothing
    assert BackOff().is_over(1, 86_400)
    assert [BackOff(tries=3).is_over(tries, 0) for tries in (1, 2, 3)] == [False, False, True]
