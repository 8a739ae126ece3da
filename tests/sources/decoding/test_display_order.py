"""Numbers of frames while their packets come in the order of decoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.sources.decoding.display_order import MOST_REORDERED, DisplayOrder, TimesGoBackError


def order_of(timestamps, before=0):
    order = DisplayOrder(before)
    for timestamp in timestamps:
        order.add(timestamp)
    return order


@given(st.permutations(range(16)))
def test_numbers_are_those_of_the_order_of_display(timestamps):
    order = order_of([timestamp * 512 for timestamp in timestamps], before=100)
    assert order.count == 116
    assert [order.index_of(t * 512) for t in range(16)] == list(range(100, 116))


def test_numbers_are_known_however_long_nobody_asked():
    order = order_of(range(0, 40_000, 20))
    assert order.count == 2000
    assert [order.index_of(timestamp) for timestamp in (0, 20_000, 39_980)] == [0, 1000, 1999]


def test_numbers_go_on_and_no_memory_is_taken_where_the_earlier_ones_are_forgotten():
    order, most_kept = DisplayOrder(), 0
    for timestamp in range(5000):
        order.add(timestamp ^ 1)  # every two change places
        asked = timestamp - MOST_REORDERED - 8
        if asked >= 0:
            assert order.index_of(asked) == asked
            order.forget_before(asked)
        most_kept = max(most_kept, len(order._timestamps))
    assert most_kept < 300
    with pytest.raises(TimesGoBackError):
        order.add(4000)


@pytest.mark.parametrize(
    "timestamps",
    [[5, 5], [0, 4, 2, 2], [0, 4, 2, 4], [*range(10, 12 + MOST_REORDERED), 3]],
    ids=["the same as the last", "as one before", "as the latest", "too far back"],
)
def test_times_that_have_no_place_of_their_own_are_refused(timestamps):
    order = order_of(timestamps[:-1])
    with pytest.raises(TimesGoBackError):
        order.add(timestamps[-1])


def test_as_far_back_as_codecs_reorder_is_taken():
    order = order_of([*range(10, 10 + MOST_REORDERED), 3])
    assert order.index_of(3) == 0
