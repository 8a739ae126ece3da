"""A probability is told where it has changed, once a second at most."""

from datetime import UTC, datetime, timedelta

from livecam.core.notifying.probability_changes import ProbabilityChanges

START = datetime(2026, 7, 1, tzinfo=UTC)


def told(looks):
    """Which of these (seconds, probability) are told."""
    changes = ProbabilityChanges()
    return [
        (at_s, probability)
        for at_s, probability in looks
        if changes.is_news("daisy", probability, START + timedelta(seconds=at_s))
    ]


def test_small_changes_and_early_ones_are_not_told():
    looks = [(0, 0.1), (0.5, 0.9), (1, 0.105), (1.5, 0.9), (2, 0.1), (2.5, 0.1), (20, 0.1)]
    assert told(looks) == [(0, 0.1), (1.5, 0.9), (2.5, 0.1)]


def test_a_clock_that_is_set_back_silences_nothing():
    assert told([(100, 0.1), (0, 0.5), (1, 0.9)]) == [(100, 0.1), (0, 0.5), (1, 0.9)]


def test_each_class_counts_for_itself():
    changes = ProbabilityChanges()
    assert changes.is_news("daisy", 0.5, START)
    assert changes.is_news("bee", 0.5, START)
