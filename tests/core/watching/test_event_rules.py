"""Where events begin and end: a table of looks each, and laws for any looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.watching.event_rules import Ended, EventRules, RuleLimits, Started


def run(limits, text, every_s=0.5):
    """What rules say of looks written as letters: # holds, + still holds, . does not, _ no look."""
    rules, said = EventRules(limits), []
    for number, letter in enumerate(text):
        time_s = number * every_s
        if letter == "_":
            said += rules.pass_time(time_s)
        else:
            said += rules.look(time_s, holds=letter == "#", still_holds=letter in "#+")
    return rules, said


def spans(limits, text):
    """Start and end of every event, the end None of one that goes on."""
    rules, said = run(limits, text)
    starts = [change.start_s for change in said if isinstance(change, Started)]
    ends = [change.end_s for change in said if isinstance(change, Ended)]
    return list(zip(starts, [*ends, *[None] * rules.is_open], strict=True))


ONE = RuleLimits(k=1, n=1, release_s=1.0)
TWO_OF_THREE = RuleLimits(k=2, n=3, release_s=1.0)


@pytest.mark.parametrize(
    ("limits", "text", "expected"),
    [
        (ONE, "....", []),
        (ONE, ".#......", [(0.5, 0.5)]),
        (ONE, ".#.#.#......", [(0.5, 2.5)]),
        (ONE, ".#..#....", [(0.5, 2.0)]),  # after exactly release_s it goes on
        (ONE, ".#....#.....", [(0.5, 0.5), (3.0, 3.0)]),
        (ONE, ".###", [(0.5, None)]),
        (TWO_OF_THREE, ".#......#.....", []),
        (TWO_OF_THREE, ".#.#......", [(0.5, 1.5)]),
        (TWO_OF_THREE, ".##......", [(0.5, 1.0)]),
        (TWO_OF_THREE, ".#..#......", []),  # two, but of four
        (TWO_OF_THREE, ".#..##......", [(2.0, 2.5)]),
        (RuleLimits(k=3, n=4, release_s=1.0), ".#.##.....", [(0.5, 2.0)]),
        (RuleLimits(k=1, n=1, release_s=0.0), ".##.#.", [(0.5, 1.0), (2.0, 2.0)]),
        (ONE, ".#++++....", [(0.5, 2.5)]),  # hysteresis: it goes on, but did not begin
        (ONE, ".++++.", []),
        (RuleLimits(k=1, n=1, release_s=1.0, min_s=1.5), ".##.....###......", []),
        (RuleLimits(k=1, n=1, release_s=1.0, min_s=1.5), ".####....", [(0.5, 2.0)]),
        (RuleLimits(k=1, n=1, release_s=1.0, min_s=1.5), ".#..#....", [(0.5, 2.0)]),
        (RuleLimits(k=1, n=1, release_s=1.0, max_s=2.0), ".#######", [(0.5, 2.5), (2.5, None)]),
        (RuleLimits(1, 1, release_s=1.0, cooldown_s=3.0), ".#....#.#.", [(0.5, 0.5), (4.0, None)]),
        (RuleLimits(1, 1, max_s=1.0, cooldown_s=9.0), "###", [(0.0, 1.0), (1.0, None)]),
    ],
)  # fmt: skip
def test_events_begin_and_end(limits, text, expected):
    assert spans(limits, text) == expected


def test_a_start_says_how_often_it_held():
    _, said = run(TWO_OF_THREE, ".#.#")
    assert said == [Started(0.5, looks=3, held=2, of=3)]


def test_an_end_counts_the_looks_to_the_last_one_that_held():
    _, said = run(TWO_OF_THREE, ".#.#.#.......")
    assert said[-1] == Ended(0.5, 2.5, looks=5, reason="released")


def test_without_looks_an_event_ends_where_it_was_last_seen():
    rules, said = run(ONE, ".##____")
    assert said[1:] == [Ended(0.5, 1.0, looks=2, reason="silence")]
    assert rules.looks == 0


def test_a_short_silence_ends_nothing():
    rules, said = run(ONE, ".##__##")
    assert [type(change) for change in said] == [Started]
    assert rules.looks == 4


def test_a_candidate_is_forgotten_in_silence():
    assert spans(TWO_OF_THREE, ".#____#....") == []


def test_the_longest_event_ends_also_without_looks():
    _, said = run(RuleLimits(k=1, n=1, release_s=9.0, max_s=1.0), "##__")
    assert said[-1] == Ended(0.0, 1.0, looks=2, reason="longest")


def test_stopping_ends_what_goes_on():
    rules, _ = run(ONE, ".##.")
    assert rules.stop() == (Ended(0.5, 1.0, looks=2, reason="silence"),)
    assert rules.stop() == ()


@given(
    st.text("#+._", max_size=80),
    st.integers(1, 4).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from([1.0, 4.0, 600.0]),
    st.sampled_from([0.0, 2.0]),
)
def test_laws_of_events(text, k_of_n, release_s, min_s, max_s, cooldown_s):
    limits = RuleLimits(*k_of_n, release_s, min_s, max_s, cooldown_s)
    rules, said = run(limits, text)
    assert rules.is_open == bool(said and isinstance(said[-1], Started))
    kinds = [type(change) for change in said]
    assert kinds == ([Started, Ended] * len(said))[: len(said)]
    last_end_s = 0.0
    for began, ended in zip(said[::2], said[1::2], strict=False):
        assert began.start_s == ended.start_s >= last_end_s
        assert ended.start_s <= ended.end_s <= ended.start_s + max_s
        assert began.looks <= ended.looks or ended.reason == "longest"
        last_end_s = ended.end_s
    with_hash = [number * 0.5 for number, letter in enumerate(text) if letter == "#"]
    assert all(change.start_s in with_hash for change in said if isinstance(change, Started))


@given(st.text("#.", min_size=1, max_size=60))
def test_with_one_of_one_no_look_that_holds_is_outside_of_an_event(text):
    rules, said = run(ONE, text)
    ended = [change for change in said if isinstance(change, Ended)]
    ended += rules.stop()
    for number, letter in enumerate(text):
        inside = any(one.start_s <= number * 0.5 <= one.end_s for one in ended)
        assert inside or letter == "."
