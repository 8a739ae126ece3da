"""Numbers of frames while their packets come in the order of decoding."""

import pytest

from livecam.sources.decoding.display_order import MOST_REORDERED, DisplayOrder, TimesGoBackError


def order_of(timestamps, before=0):
    order = DisplayOrder(before)
    for timestamp in timestamps:
        order.add(timestamp)
    return order


def test_frames_are_numbered_as_they_are_shown():
    order = order_of([0, 8, 4, 2, 6, 16, 12, 10, 14], before=100)
    assert order.count == 109
    assert [order.index_of(timestamp) for timestamp in range(0, 17, 2)] == list(range(100, 109))


def test_numbers_go_on_when_the_earliest_are_forgotten():
    order = order_of(range(0, 40_000, 20))
    assert order.count == 2000
    assert order.index_of(39_980) == 1999
    assert order.index_of(39_980 - 20 * MOST_REORDERED) == 1999 - MOST_REORDERED


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
