"""Folds the layers after the pooling into a Head: dense layers, normalisation, ReLU."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head, HiddenLayer

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """A dense layer without its activation: kernel [inputs, units], bias [units]."""

    kernel: Array
    bias: Array


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """A normalisation at inference: `x * factor + shift`, each [channels]."""

    factor: Array
    shift: Array


@dataclass(frozen=True, slots=True)
class Bend:
    """A piecewise linear activation; see HiddenLayer."""

    negative_slope: float = 0.0
    ceiling: float = float("inf")


@dataclass(frozen=True, slots=True)
class Final:
    """What makes probabilities of the last sums: "softmax" or "sigmoid"."""

    kind: str


Step = Affine | Scale | Bend | Final


class NoExactMapError(Exception):
    """The layers are not piecewise linear; the text says which is not."""


def folded_head(
    steps: Sequence[Step], channels: int, places: tuple[int, int] | None = None
) -> tuple[Head, float]:
    """The head that does the same as the steps.

    Args:
        steps: what follows the pooling, in order.
        channels: of the features; with `places`, inputs are as many for each of them.
        places: rows and columns that are flattened; None for the average.

    Returns:
        The head, and the temperature of its softmax. One output with a sigmoid becomes two
        classes, its negative first: softmax([-z, z] / 2) is the sigmoid of z.

    Raises:
        NoExactMapError: they are not piecewise linear, or give no single class.
    """
    inputs = channels * (places[0] * places[1] if places else 1)
    folded: Affine | None = None
    pending: Scale | None = None  # before any dense layer
    hidden: list[HiddenLayer] = []
    final = ""
    for step in steps:
        if final:
            raise NoExactMapError(f"layers follow its {final}")
        match step:
            case Affine():
                folded, pending = _then(folded, pending, step), None
            case Scale() if folded is not None:
                folded = Affine(folded.kernel * step.factor, folded.bias * step.factor + step.shift)
            case Scale():
                pending = _scaled(pending, step)
            case Bend():
                layer = folded or _then(None, pending, _identity(inputs))
                folded, pending, inputs = None, None, layer.bias.size
                hidden.append(HiddenLayer(*_float32(layer), step.negative_slope, step.ceiling))
            case Final():
                final = step.kind
    if folded is None:
        raise NoExactMapError("no layer of classes follows the pooling")
    return _with_classes(folded, tuple(hidden), places, final)


def _with_classes(
    last: Affine, hidden: tuple[HiddenLayer, ...], places: tuple[int, int] | None, final: str
) -> tuple[Head, float]:
    temperature = 1.0
    if last.bias.size == 1 and final in ("sigmoid", ""):
        last = Affine(np.hstack([-last.kernel, last.kernel]), np.hstack([-last.bias, last.bias]))
        temperature = 2.0
    elif final == "sigmoid":
        raise NoExactMapError(
            f"its {last.bias.size} classes do not exclude each other (sigmoid), so none is named"
        )
    elif last.bias.size == 1:
        raise NoExactMapError("it has one class only")
    kernel, bias = _float32(last)
    return Head(np.asfortranarray(kernel), bias, hidden, places), temperature


def _then(before: Affine | None, pending: Scale | None, step: Affine) -> Affine:
    """Two steps in one."""
    if before is not None:
        return Affine(before.kernel @ step.kernel, before.bias @ step.kernel + step.bias)
    if pending is not None:
        kernel = pending.factor[:, np.newaxis] * step.kernel
        return Affine(kernel, pending.shift @ step.kernel + step.bias)
    return step


def _scaled(before: Scale | None, step: Scale) -> Scale:
    if before is None:
        return step
    return Scale(before.factor * step.factor, before.shift * step.factor + step.shift)


def _identity(size: int) -> Affine:
    return Affine(np.eye(size), np.zeros(size))


def _float32(layer: Affine) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    return layer.kernel.astype(np.float32), layer.bias.astype(np.float32)
