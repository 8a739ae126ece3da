"""Regularised least squares: what it minimises, and that leaving rows out is exact."""

import numpy as np

from livecam.core.teaching.least_squares import fit_least_squares, groups_of


def problem(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(30, 8)).astype(np.float32)
    targets = np.eye(3)[rng.integers(0, 3, 30)]
    return rows, targets, rng.uniform(0.5, 2.0, 30)


def penalised_squares(kernel, bias, rows, targets, weights, penalty):
    errors = rows @ kernel + bias - targets
    return (weights[:, None] * errors**2).sum() / weights.sum() + penalty * (kernel**2).sum()


def test_nothing_near_it_has_less_squares():
    rows, targets, weights = problem()
    fit = fit_least_squares(rows, targets, weights, 0.5)
    centred = (rows - weights @ rows / weights.sum()) ** 2
    penalty = 0.5 * (weights @ centred / weights.sum()).mean()
    least = penalised_squares(fit.kernel, fit.bias, rows, targets, weights, penalty)
    rng = np.random.default_rng(1)
    for _ in range(20):
        kernel = fit.kernel + 0.01 * rng.normal(size=fit.kernel.shape)
        bias = fit.bias + 0.01 * rng.normal(size=fit.bias.shape)
        assert penalised_squares(kernel, bias, rows, targets, weights, penalty) > least


def refitted_without(group, rows, targets, weights, penalty):
    """The same by brute force: normal equations of the other rows, with the weights they had."""
    kept = np.setdiff1d(np.arange(len(rows)), group)
    shares = (weights / weights.sum())[kept]
    x = np.hstack([rows.astype(float), np.ones((len(rows), 1))])
    ridge = penalty * np.eye(x.shape[1])
    ridge[-1, -1] = 0.0
    # The mean that rows were centred at is no part of the problem: the bias takes it up.
    matrix = x[kept].T @ (shares[:, None] * x[kept]) + ridge
    return np.linalg.solve(matrix, x[kept].T @ (shares[:, None] * targets[kept]))


def test_without_a_group_it_says_what_a_fit_of_the_others_says():
    rows, targets, weights = problem()
    fit = fit_least_squares(rows, targets, weights, 0.5)
    centred = (rows - weights @ rows / weights.sum()) ** 2
    penalty = 0.5 * (weights @ centred / weights.sum()).mean()
    for group in groups_of([3] * 10):
        said, factor = fit.without(group)
        expected = refitted_without(group, rows, targets, weights, penalty)
        np.testing.assert_allclose(said, rows[group] @ expected[:-1] + expected[-1], atol=1e-6)
        kernel = fit.kernel - fit.solved[:, group] @ factor
        np.testing.assert_allclose(kernel, expected[:-1], atol=1e-6)


def test_only_proportions_of_weights_count():
    rows, targets, weights = problem()
    one, other = (fit_least_squares(rows, targets, w, 1.0) for w in (weights, 10 * weights))
    np.testing.assert_allclose(one.kernel, other.kernel, atol=1e-12)


def test_fewer_rows_than_channels_are_enough():
    rows = np.eye(2, 50, dtype=np.float32)
    fit = fit_least_squares(rows, np.eye(2), np.ones(2), 1.0)
    assert ((rows @ fit.kernel + fit.bias).argmax(1) == [0, 1]).all()


def test_groups_are_consecutive():
    assert [group.tolist() for group in groups_of([2, 1, 3])] == [[0, 1], [2], [3, 4, 5]]
