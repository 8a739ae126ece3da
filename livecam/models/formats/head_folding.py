"""Folds the layers after the pooling into a Head: dense layers, normalisation, activations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head
from livecam.core.hidden_layers import AnyLayer, CurvedLayer, HiddenLayer, NormalisedLayer

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """A dense layer without its activation: kernel [inputs, units], bias [units]."""

    kernel: Array
    bias: Array


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """A normalisation at inference: `x * factor + shift`, each [channels] or one for all."""

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


@dataclass(frozen=True, slots=True)
class Curve:
    """An activation that is not piecewise linear; see CurvedLayer."""

    name: str
    alpha: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class LayerNorm:
    """A normalisation by the picture's own values; factor and shift [channels] or a number."""

    factor: Array
    shift: Array
    epsilon: float


Step = Affine | Scale | Bend | Curve | LayerNorm | Final


def prelu_steps(slopes: Array) -> list[Step]:
    """PReLU, which has slopes of its own below 0: relu(x) - slopes * relu(-x), piecewise linear.

    Args:
        slopes: float64 [channels], or one for all.
    """
    if slopes.size == 1:
        return [Bend(float(slopes[0]))]
    one = np.eye(slopes.size)
    apart = Affine(np.hstack([one, -one]), np.zeros(2 * slopes.size))
    joined = Affine(np.vstack([one, -np.diag(slopes)]), np.zeros(slopes.size))
    return [apart, Bend(), joined]


class NoMapError(Exception):
    """There is no map of these layers, neither exact nor of the gradient; the text says why."""


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
        NoMapError: they give no single class.
    """
    folding = _Folding(channels * (places[0] * places[1] if places else 1))
    *before, last = steps or (Final(""),)
    for step in before:
        folding.add(_inner(step))
    final = last.kind if isinstance(last, Final) else ""
    if not isinstance(last, Final):
        folding.add(last)
    if folding.affine is None:
        raise NoMapError("no layer of classes follows the pooling")
    return _with_classes(folding.affine, tuple(folding.hidden), places, final)


def no_single_class(units: int) -> str:
    """What is wrong with a sigmoid for each of several outputs."""
    return f"its {units} classes do not exclude each other (sigmoid), so none is named"


def _inner(step: Step) -> Step:
    """A step that others follow: a sigmoid is an activation there."""
    if not isinstance(step, Final):
        return step
    if step.kind == "sigmoid":
        return Curve("sigmoid")
    raise NoMapError(f"layers follow its {step.kind}")


class _Folding:
    """Puts steps together, as few layers as they can be.

    Attributes:
        hidden: the layers that are complete.
        affine: a dense layer whose activation is still to come; None where there is none yet.
    """

    def __init__(self, inputs: int) -> None:
        self.hidden: list[AnyLayer] = []
        self.affine: Affine | None = None
        self._scale: Scale | None = None  # before any dense layer
        self._inputs = inputs

    def add(self, step: Step) -> None:
        """One step more."""
        match step:
            case Affine():
                self.affine, self._scale = _then(self.affine, self._scale, step), None
            case Scale() if self.affine is not None:
                kernel, bias = self.affine.kernel, self.affine.bias
                self.affine = Affine(kernel * step.factor, bias * step.factor + step.shift)
            case Scale():
                factor, shift = (self._of_inputs(a) for a in (step.factor, step.shift))
                self._scale = _scaled(self._scale, Scale(factor, shift))
            case Bend():
                slope, ceiling = step.negative_slope, step.ceiling
                self.hidden.append(HiddenLayer(*_float32(self._taken()), slope, ceiling))
            case Curve():
                layer = CurvedLayer(*_float32(self._taken()), step.name, step.alpha)
                self.hidden.append(layer)
            case LayerNorm():
                self._normalise(step)

    def _taken(self) -> Affine:
        """The dense layer that an activation follows; it is complete with that."""
        layer = self.affine or _then(None, self._scale, _identity(self._inputs))
        self.affine, self._scale, self._inputs = None, None, layer.bias.size
        return layer

    def _normalise(self, step: LayerNorm) -> None:
        if self.affine is not None or self._scale is not None:
            straight = 1.0  # below 0 as above: no activation
            self.hidden.append(HiddenLayer(*_float32(self._taken()), straight))
        factor, shift = (
            self._of_inputs(array).astype(np.float32) for array in (step.factor, step.shift)
        )
        self.hidden.append(NormalisedLayer(factor, shift, step.epsilon))

    def _of_inputs(self, array: Array) -> Array:
        """One value for each input, of as many or of one for all."""
        return np.broadcast_to(array, self._inputs)


def _with_classes(
    last: Affine, hidden: tuple[AnyLayer, ...], places: tuple[int, int] | None, final: str
) -> tuple[Head, float]:
    temperature = 1.0
    if last.bias.size == 1 and final in ("sigmoid", ""):
        last = Affine(np.hstack([-last.kernel, last.kernel]), np.hstack([-last.bias, last.bias]))
        temperature = 2.0
    elif final == "sigmoid":
        raise NoMapError(no_single_class(last.bias.size))
    elif last.bias.size == 1:
        raise NoMapError("it has one class only")
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
