"""A condition as SQL of DuckDB, with bound values and quoted names; means what `holds` says."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from livecam.core.archive.figure_columns import column_of
from livecam.core.conditions.expression import (
    OTHER,
    SEEN,
    And,
    Comparison,
    Expression,
    Not,
    Operator,
)

_OPPOSITE: dict[Operator, Operator] = {
    ">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "==",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sql:
    """A part of a query.

    Attributes:
        text: with a question mark for each value.
        values: bound to them, in their order.
    """

    text: str
    values: tuple[Any, ...] = field(default=())


def quoted(name: str) -> str:
    """A name of a column, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def condition_sql(expression: Expression) -> Sql:
    """What stands behind WHERE; NULL is false there.

    Negations are moved inwards, so that DuckDB can leave out what a file's statistics exclude.
    """
    return _sql_of(expression, is_negated=False)


def _sql_of(expression: Expression, *, is_negated: bool) -> Sql:
    if isinstance(expression, Not):
        return _sql_of(expression.part, is_negated=not is_negated)
    if isinstance(expression, Comparison):
        if expression.figure == SEEN:
            return _seen(expression, is_negated=is_negated)
        return _compared(expression, is_negated=is_negated)
    parts = [_sql_of(part, is_negated=is_negated) for part in expression.parts]
    word = " AND " if isinstance(expression, And) != is_negated else " OR "
    text = word.join(f"({part.text})" for part in parts)
    return Sql(text, tuple(value for part in parts for value in part.values))


def _seen(one: Comparison, *, is_negated: bool) -> Sql:
    is_equal = (one.operator == "==") != is_negated
    return Sql(f"coalesce(seen, '{OTHER}') {'=' if is_equal else '<>'} ?", (str(one.value),))


def _compared(one: Comparison, *, is_negated: bool) -> Sql:
    """A figure of a class. To DuckDB NaN is the largest number; to a condition it never holds."""
    column = quoted(column_of(one.class_name, one.figure))
    operator = _OPPOSITE[one.operator] if is_negated else one.operator
    found = _exact(column, operator, float(one.value))
    if is_negated:
        return Sql(f"({found.text}) OR isnan({column}) OR {column} IS NULL", found.values)
    if operator in {"<", "<=", "=="}:
        return found
    # A bound is compared within the file's reader, as isnan() is not: a fifth of the time.
    return Sql(f"{found.text} AND {column} <= CAST('Infinity' AS FLOAT)", found.values)


def _exact(column: str, operator: Operator, value: float) -> Sql:
    """The comparison of a float32 column with a float64, as Python compares them.

    A value between two float32 is bound as one of them: so both sides are of one type, and the
    column is read no further than its filter needs.
    """
    with np.errstate(over="ignore"):
        nearest = float(np.float32(value))
    if nearest == value:
        sign = {"==": "=", "!=": "<>"}.get(operator, operator)
        return Sql(f"{column} {sign} CAST(? AS FLOAT)", (value,))
    if operator in {"==", "!="}:
        return Sql("FALSE" if operator == "==" else "TRUE")
    is_below = nearest < value
    with np.errstate(over="ignore"):
        below = (
            nearest if is_below else float(np.nextafter(np.float32(nearest), np.float32("-inf")))
        )
    # Nothing lies between `below` and the value: > is the same as >=, and < as <=.
    sign = ">" if operator in {">", ">="} else "<="
    return Sql(f"{column} {sign} CAST(? AS FLOAT)", (below,))
