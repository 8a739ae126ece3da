"""Windows of large maps: the best one, its logits, and all classes compared."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotated_frames import class_map_of

from livecam.core.class_activation import (
    FrameTiming,
    activation_of,
    best_of,
    seen_or_best,
    stats_of,
)
from livecam.core.seen_class import AnswerLevels, leader_of
from livecam.core.softmax import softmax
from livecam.core.head import Head
from livecam.core.types import NetworkOutput
from livecam.core.window_logits import (
    LATTICE_CELLS,
    WINDOW_CELLS,
    _steps,
    best_window,
    window_probabilities,
    window_of,
)

sizes = st.tuples(st.integers(7, 21), st.integers(7, 21))


def network(rows, columns, classes=5, channels=8, seed=0):
    """Features and a head with random numbers."""
    rng = np.random.default_rng(seed)
    features = rng.gamma(1.0, 1.0, (rows, columns, channels)).astype(np.float32)
    head = Head(
        rng.normal(size=(channels, classes)).astype(np.float32),
        rng.normal(size=classes).astype(np.float32),
    )
    return features, head


@given(sizes.flatmap(lambda s: arrays(np.float32, s, elements=st.integers(-50, 50))))
def test_the_best_window_has_the_largest_mean(grid):
    rows, columns = (side - WINDOW_CELLS + 1 for side in grid.shape)
    means = {
        (row, column): float(window_of(grid, (row, column)).mean(dtype=np.float64))
        for row in range(rows)
        for column in range(columns)
    }
    row, column = best_window(grid)
    assert window_of(grid, (row, column)).shape == (7, 7)
    assert means[row, column] == pytest.approx(max(means.values()), abs=1e-9)


def map_of(features, head, index):
    output = NetworkOutput(features, head.logits(head.pooled(features)), head)
    return activation_of(output, head, index)


def test_of_seven_by_seven_cells_there_is_one_window():
    assert best_window(np.random.default_rng(0).normal(size=(7, 7)).astype(np.float32)) == (0, 0)


@pytest.mark.parametrize("size", [(7, 12), (12, 7), (14, 25), (21, 21)])
def test_mean_of_the_map_over_a_window_plus_bias_is_its_logit(size):
    features, head = network(*size)
    for index in range(5):
        activation = map_of(features, head, index)
        mean = window_of(activation.grid, activation.window).mean()
        assert activation.window == best_window(activation.grid)
        assert mean + head.bias[index] == pytest.approx(activation.logits[index], abs=1e-5)


class CountedHead(Head):
    """Counts what its last layer is run on: windows, cells, or the whole map."""

    runs = 0

    def last_layer(self, values):
        type(self).runs += np.atleast_2d(values).shape[0]
        return super().last_layer(values)


@pytest.mark.parametrize("classes", [4, 1000])
def test_the_last_layer_is_run_for_windows_alone(classes):
    """For all cells it would take a tenth of the network's time, of a thousand classes."""
    features, head = network(14, 25, classes, channels=1024)
    counted, CountedHead.runs = CountedHead(head.kernel, head.bias), 0
    output = NetworkOutput(features, head=counted, head_at_picture=counted.at(features))
    shown = class_map_of(activation_of(output, counted, 2), 2, output)
    assert stats_of(shown, range(classes), range(classes), FrameTiming()).seen is not None
    lattice = len(_steps(14)) * len(_steps(25))
    assert CountedHead.runs == lattice + 1
    np.testing.assert_allclose(output.logits, head.logits(head.pooled(features)), atol=1e-4)


def test_a_class_that_fills_a_corner_is_found_there():
    features, head = np.zeros((14, 25, 2), np.float32), Head(np.eye(2), np.zeros(2))
    features[7:, 18:, 0] = 20.0
    features[:7, :7, 1] = 20.0
    assert window_probabilities(features, head).max(0) == pytest.approx([1.0, 1.0])


@given(st.integers(7, 60))
def test_windows_of_the_lattice_reach_from_rim_to_rim(cells):
    steps = _steps(cells)
    assert (steps[0], steps[-1]) == (0, cells - WINDOW_CELLS)
    assert all(0 < b - a <= LATTICE_CELLS for a, b in pairwise(steps))


def test_seven_by_seven_cells_have_the_softmax_of_the_networks_own_logits():
    features, head = network(7, 7)
    logits = np.array([1.0, 2.0, 3.0, 0.0, -1.0], np.float32)
    output = NetworkOutput(features, logits, head)
    assert (output.probabilities == softmax(logits)).all()


def test_a_class_has_one_probability_in_the_figures_and_in_the_five_best():
    features, head = network(14, 25, seed=3)
    output = NetworkOutput(features, np.zeros(5, np.float32), head)
    activation = map_of(features, head, 2)
    shown = class_map_of(activation, 2, output)
    stats = stats_of(shown, list("abcde"), range(5), FrameTiming())
    assert stats.window == activation.window != (0, 0)
    assert stats.probability == softmax(activation.logits)[2]
    assert {name: p for _, name, p in stats.top}["c"] == stats.probability
    assert stats.maximum == activation.grid.max()
    assert stats.mean == activation.grid.mean()


@pytest.mark.parametrize("seed", [9, 17, 41])
def test_what_is_seen_does_not_depend_on_whose_map_is_shown(seed):
    """Of 372 photographs at detail 2, 28 were called otherwise with another --class."""
    features, head = network(14, 25, seed=seed)
    output = NetworkOutput(features, np.zeros(5, np.float32), head, levels=AnswerLevels(0.9, 0.95))
    found = set()
    for shown in range(4):
        class_map = class_map_of(map_of(features, head, shown), shown, output)
        stats = stats_of(class_map, [*"abcd", "other"], range(4), FrameTiming())
        found.add((stats.seen, stats.is_sure))
    leader, probability = leader_of(output.leading, range(4), 0.9)  # as livecam accuracy asks
    assert found == {("abcd"[leader] if leader < 4 else None, probability >= 0.95)}


def test_what_is_judged_is_what_is_seen_not_what_is_probable_beside_other():
    """In the left window a has 0.45 and "other" 0.55; in the right one b leads with 0.40."""
    features = np.zeros((7, 14, 3), np.float32)
    features[:, :7], features[:, 7:] = (2.0, -9.0, 2.2), (0.7, 1.0, 0.7)
    output = NetworkOutput(
        features, head=Head(np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    )
    assert best_of(output.probabilities, (0, 1), 1) == [0]
    assert seen_or_best(output, (0, 1)) == 1
    features[:, 7:] = (0.0, 0.1, 3.0)  # now "other" leads everywhere
    nowhere = NetworkOutput(features, head=output.head)
    assert seen_or_best(nowhere, (0, 1)) == 0


def seen_with_other(*levels, shown=0):
    """Stats of a map with these logits of a, b and the hidden "other" side by side."""
    features = np.zeros((7, 10 * len(levels), 3), np.float32)
    head = Head(np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    for place, level in enumerate(levels):
        features[:, 10 * place : 10 * place + 10] = level
    output = NetworkOutput(features, features.mean((0, 1)), head)
    class_map = class_map_of(map_of(features, head, shown), shown, output)
    return stats_of(class_map, ["a", "b", "other"], range(2), FrameTiming())


@pytest.mark.parametrize("shown", [0, 1])
def test_other_in_the_background_hides_nothing_that_is_seen_elsewhere(shown):
    """The figures said "daisy 97.0 %" and "sees something else"."""
    stats = seen_with_other((5, 0, 0), (0, 4, 0), (0, 0, 9), shown=shown)
    assert stats.probability > 0.9
    assert stats.seen == stats.top[0][1] == "a"


def test_where_other_leads_in_every_window_something_else_is_seen():
    assert seen_with_other((5, 0, 6), (0, 4, 6), (0, 0, 9)).seen is None


def test_a_class_that_leads_somewhere_is_seen_though_a_likelier_one_is_beaten_by_other():
    stats = seen_with_other((8, 0, 8.1), (3, 3.5, 3.4), (0, 0, 9))
    assert stats.top[0][1] == "a"
    assert stats.seen == "b"


def test_the_leading_class_of_seven_by_seven_cells_is_the_most_probable_one():
    output = NetworkOutput(np.zeros((7, 7, 1), np.float32), np.array([1, 3, 2], np.float32))
    assert list(np.flatnonzero(output.leading)) == [1]
    assert output.leading[1] == output.probabilities[1]
