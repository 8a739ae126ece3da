"""Regularised least squares with several right sides, and what it would say without some rows.

The established solver is LAPACK's (Cholesky), through NumPy. What the fit would have said of rows
that were left out follows from the fit itself, exactly and without a second one: the "hat matrix"
H of the rows gives the residuals without a group of them as (I - H_gg)^-1 r_g (Allen's PRESS, 1974,
for groups of rows).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquaresFit:
    """The fit, and all that leaving rows out needs.

    Attributes:
        kernel: float64 [channels, outputs].
        bias: float64 [outputs]; not regularised.
        rows: float64 [rows, channels], weighted and centred.
        solved: float64 [channels, rows], the rows through the inverse of the regularised matrix.
        roots: float64 [rows], the square roots of the weights.
        residuals: float64 [rows, outputs], weighted.
        mean: float64 [channels], the weighted mean of the rows.
        targets: float64 [rows, outputs].
    """

    kernel: Floats
    bias: Floats
    rows: Floats
    solved: Floats
    roots: Floats
    residuals: Floats
    mean: Floats
    targets: Floats

    def without(self, group: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """What a fit without these rows says of them, and its kernel's difference to this one.

        Args:
            group: int [group], which rows.

        Returns:
            float64 [group, outputs], and two factors of the difference: kernel without the group =
            kernel - solved[:, group] @ factor, float64 [group, outputs].
        """
        rows, roots = self.rows[group], self.roots[group]
        hat = rows @ self.solved[:, group] + np.outer(roots, roots)
        left_out = np.linalg.solve(np.eye(len(group)) - hat, self.residuals[group])
        said = self.targets[group] - left_out / roots[:, None]
        return np.asarray(said, np.float64), np.asarray(left_out, np.float64)


def fit_least_squares(
    rows: npt.NDArray[np.float32], targets: Floats, weights: Floats, strength: float
) -> LeastSquaresFit:
    """The kernel and bias with the least weighted squares plus a penalty on the kernel.

    Args:
        rows: float32 [rows, channels].
        targets: float64 [rows, outputs].
        weights: float64 [rows], above 0; only their proportions count.
        strength: of the penalty, in mean variances of a channel.
    """
    weights = weights / weights.sum()
    roots = np.sqrt(weights)
    mean = weights @ rows
    offset = weights @ targets
    centred = (rows - mean) * roots[:, None]
    matrix = centred.T @ centred
    penalty = max(strength * np.trace(matrix) / len(matrix), 1e-9)
    matrix[np.diag_indices_from(matrix)] += penalty
    solved = np.asarray(np.linalg.solve(matrix, centred.T), np.float64)
    kernel = solved @ ((targets - offset) * roots[:, None])
    residuals = (targets - offset) * roots[:, None] - centred @ kernel
    return LeastSquaresFit(
        kernel, offset - mean @ kernel, centred, solved, roots, residuals, mean, targets
    )


def groups_of(sizes: Iterable[int]) -> list[npt.NDArray[np.intp]]:
    """Indices of consecutive rows, group by group, given the sizes of the groups."""
    ends = np.cumsum(list(sizes))
    return [np.arange(begin, end) for begin, end in zip([0, *ends[:-1]], ends, strict=True)]
