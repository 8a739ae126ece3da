"""Whether a condition holds for the figures of one picture."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from livecam.core.class_figures import ClassFigures
from livecam.core.conditions.expression import (
    OTHER,
    SEEN,
    And,
    Comparison,
    Expression,
    Not,
    Operator,
)

_OPERATORS: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class ClassValues:
    """The figures of one class that conditions know.

    Attributes:
        probability: its softmax, 0 to 1.
        max: of its map.
        mean: of its map.
        logit: its logit.
    """

    probability: float
    max: float
    mean: float
    logit: float


@dataclass(frozen=True, slots=True)
class PictureFigures:
    """What conditions ask of one picture.

    Attributes:
        classes: the figures by class; of every class that the condition names.
        seen: the most probable class; "other" where none is seen.
    """

    classes: Mapping[str, ClassValues]
    seen: str = OTHER


def values_of(figures: ClassFigures) -> ClassValues:
    """Those of the figures that conditions know."""
    return ClassValues(figures.probability, figures.maximum, figures.mean, figures.logit)


def holds(expression: Expression, figures: PictureFigures) -> bool:
    """Whether the condition holds.

    A comparison with a figure that is no number (NaN) does not hold, whatever the operator.

    Raises:
        KeyError: a class of the condition is not among the figures.
    """
    if isinstance(expression, Comparison):
        return _compared(expression, figures)
    if isinstance(expression, Not):
        return not holds(expression.part, figures)
    answers = (holds(part, figures) for part in expression.parts)
    return all(answers) if isinstance(expression, And) else any(answers)


def _compared(one: Comparison, figures: PictureFigures) -> bool:
    if one.figure == SEEN:
        return _OPERATORS[one.operator](figures.seen, one.value)
    found = getattr(figures.classes[one.class_name], one.figure)
    return bool(found == found and _OPERATORS[one.operator](found, one.value))  # noqa: PLR0124
