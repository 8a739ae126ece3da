"""A condition on the figures of one picture: comparisons, joined by and, or, not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Figure = Literal["probability", "max", "mean", "logit", "seen"]
Operator = Literal[">", ">=", "<", "<=", "==", "!="]

SEEN: Figure = "seen"
OTHER = "other"
"""What is seen where no class is: "something else"."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of a class, compared.

    Attributes:
        figure: which one; "seen" is the most probable class.
        class_name: whose figure; "" of "seen".
        operator: how it is compared; of "seen" == or !=.
        value: with what: a number, of "seen" the name of a class.
    """

    figure: Figure
    class_name: str
    operator: Operator
    value: float | str

    def __str__(self) -> str:
        if self.figure == SEEN:
            return f"seen {self.operator} {_quoted(str(self.value))}"
        name = _quoted(self.class_name)
        subject = name if self.figure == "probability" else f"{self.figure}({name})"
        return f"{subject} {self.operator} {self.value:g}"


@dataclass(frozen=True, slots=True)
class And:
    """True where every part is."""

    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " and ".join(map(_nested, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    """True where any part is."""

    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " or ".join(map(_nested, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """True where its part is not."""

    part: "Expression"

    def __str__(self) -> str:
        return f"not {_nested(self.part)}"


Expression = Comparison | And | Or | Not


def comparisons_of(expression: Expression) -> Iterator[Comparison]:
    """All of them, from left to right."""
    if isinstance(expression, Comparison):
        yield expression
    elif isinstance(expression, Not):
        yield from comparisons_of(expression.part)
    else:
        for part in expression.parts:
            yield from comparisons_of(part)


def with_comparisons(
    expression: Expression, changed: Callable[[Comparison], Comparison]
) -> Expression:
    """The expression with each comparison changed."""
    if isinstance(expression, Comparison):
        return changed(expression)
    if isinstance(expression, Not):
        return Not(with_comparisons(expression.part, changed))
    parts = tuple(with_comparisons(part, changed) for part in expression.parts)
    return replace(expression, parts=parts)


def with_class_names(expression: Expression, name_of: Callable[[str], str]) -> Expression:
    """The expression with the names of classes replaced, also of those that are seen.

    Args:
        expression: as it was typed.
        name_of: the usual name of a class for the typed one; not asked for "other".
    """

    def renamed(one: Comparison) -> Comparison:
        if one.figure != SEEN:
            return replace(one, class_name=name_of(one.class_name))
        return one if one.value == OTHER else replace(one, value=name_of(str(one.value)))

    return with_comparisons(expression, renamed)


def classes_of(expression: Expression) -> tuple[str, ...]:
    """The classes whose figures are compared, each once, from left to right; not those of seen."""
    return tuple(
        dict.fromkeys(one.class_name for one in comparisons_of(expression) if one.class_name)
    )


def seen_classes_of(expression: Expression) -> tuple[str, ...]:
    """The classes that "seen" is compared with, each once, without "other"."""
    values = (str(one.value) for one in comparisons_of(expression) if one.figure == SEEN)
    return tuple(dict.fromkeys(value for value in values if value != OTHER))


def _nested(part: Expression) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'
