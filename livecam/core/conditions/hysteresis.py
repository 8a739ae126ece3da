"""The easier condition that ends an event: what began at 0.8 goes on down to 0.72."""

from dataclasses import replace

from livecam.core.conditions.expression import And, Comparison, Expression, Not, Or


def loosened(expression: Expression, share: float) -> Expression:
    """A condition that holds wherever `expression` does, and a little beyond.

    Every limit is moved by a share of itself: `daisy > 0.8` becomes `daisy > 0.72` with 0.1, and
    `max(daisy) < 20` becomes `max(daisy) < 22`. Below a `not` limits move the other way. Equality
    has no limit to be moved.

    Args:
        expression: the condition.
        share: 0 changes nothing; below 0 it holds where `expression` does, and a little less.
    """
    if isinstance(expression, Not):
        return Not(loosened(expression.part, -share))
    if isinstance(expression, And | Or):
        return replace(expression, parts=tuple(loosened(part, share) for part in expression.parts))
    return _with_moved_limit(expression, share)


def _with_moved_limit(one: Comparison, share: float) -> Comparison:
    if isinstance(one.value, str) or one.operator in ("==", "!="):
        return one
    by = share * abs(one.value)
    return replace(one, value=one.value - by if one.operator in (">", ">=") else one.value + by)
