"""A condition as SQL of DuckDB, with bound values and quoted names; means what `holds` says."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from livecam.core.archive.columns import column_of
from livecam.core.conditions.expression import (
    OTHER,
    SEEN,
    And,
    Comparison,
    Expression,
    Not,
    Operator,
)

READ_PARTS = "read_parquet(?, can_have_nan = true)"
"""The parts, whose files are bound to the question mark. Without the option DuckDB (2.0.1) takes
from statistics, which leave NaN out, that no row is NaN."""


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
    """What stands behind WHERE; NULL is false there."""
    if isinstance(expression, Not):
        part = condition_sql(expression.part)
        return Sql(f"NOT coalesce({part.text}, FALSE)", part.values)
    if isinstance(expression, Comparison):
        return _seen(expression) if expression.figure == SEEN else _compared(expression)
    parts = [condition_sql(part) for part in expression.parts]
    word = " AND " if isinstance(expression, And) else " OR "
    text = word.join(f"({part.text})" for part in parts)
    return Sql(text, tuple(value for part in parts for value in part.values))


def _seen(one: Comparison) -> Sql:
    sign = "=" if one.operator == "==" else "<>"
    return Sql(f"coalesce(seen, '{OTHER}') {sign} ?", (str(one.value),))


def _compared(one: Comparison) -> Sql:
    """A figure of a class, which never holds where it is NaN; to DuckDB that is the largest number.

    It has to be told that files may have NaN, see `READ_PARTS`.
    """
    column = quoted(column_of(one.class_name, one.figure))
    found = _exact(column, one.operator, float(one.value))
    return Sql(f"{found.text} AND NOT isnan({column})", found.values)


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
