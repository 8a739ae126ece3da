"""Conditions that hold for no picture at all, like `bee > 0.5 and daisy > 0.5`, and why."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from livecam.core.conditions.expression import (
    SEEN,
    And,
    Comparison,
    Expression,
    Not,
    Or,
)

_ADD_UP = (
    "the probabilities of all classes add up to 1 in every picture: ask the maps of several "
    'things, like "max({first}) > 20 and max({second}) > 20"'
)


class _Range(NamedTuple):
    """What comparisons leave of a figure; each limit with whether it counts itself."""

    low: float = -math.inf
    has_low: bool = True
    high: float = math.inf
    has_high: bool = True

    @property
    def is_empty(self) -> bool:
        return self.low > self.high or (
            self.low == self.high and not (self.has_low and self.has_high)
        )


def why_never(expression: Expression, *, adds_up: bool) -> str:
    """Why a condition can hold for no picture, in words; "" where it may hold for some.

    Not every such condition is found: what stands below a `not` is taken as it is.

    Args:
        expression: the condition.
        adds_up: whether the probabilities of a picture add up to 1: of one window they do, of a
            larger map each class has its best window.
    """
    if isinstance(expression, Or):
        reasons = [why_never(part, adds_up=adds_up) for part in expression.parts]
        return reasons[0] if all(reasons) else ""
    if isinstance(expression, Comparison | Not):
        return ""
    parts = list(_joined(expression))
    alone = (why_never(part, adds_up=adds_up) for part in parts)
    return next(filter(None, alone), "") or _why_not_together(parts, adds_up=adds_up)


def _joined(expression: And) -> Iterator[Expression]:
    """What has to hold at once, also of an `and` in an `and`."""
    for part in expression.parts:
        if isinstance(part, And):
            yield from _joined(part)
        else:
            yield part


def _why_not_together(parts: Iterable[Expression], *, adds_up: bool) -> str:
    ranges: dict[tuple[str, str], _Range] = {}
    seen: set[str] = set()
    for one in parts:
        if not isinstance(one, Comparison):
            continue
        if one.figure == SEEN:
            seen |= {str(one.value)} if one.operator == "==" else set()
            continue
        key = one.figure, one.class_name
        ranges[key] = _narrowed(ranges.get(key, _Range()), one)
        if ranges[key].is_empty:
            return f"no {one.figure} of {one.class_name} is as it asks"
    if len(seen) > 1:
        return "one class alone is seen in a picture"
    lows = {name: left for (figure, name), left in ranges.items() if figure == "probability"}
    return _why_too_much(lows) if adds_up else ""


def _why_too_much(ranges: dict[str, _Range]) -> str:
    """Why the least probabilities of several classes do not fit into 1."""
    asked = {name: left for name, left in ranges.items() if left.low > 0}
    total = math.fsum(left.low for left in asked.values())
    if total < 1 or len(asked) < 2 or (total == 1 and all(r.has_low for r in asked.values())):
        return ""
    first, second = sorted(asked, key=lambda name: -asked[name].low)[:2]
    return _ADD_UP.format(first=first, second=second)


def _narrowed(left: _Range, one: Comparison) -> _Range:
    """What a comparison leaves of a range."""
    value, takes = float(one.value), one.operator in (">=", "<=", "==")
    if one.operator in (">", ">=", "==") and (value, not takes) > (left.low, not left.has_low):
        left = left._replace(low=value, has_low=takes)
    if one.operator in ("<", "<=", "==") and (value, takes) < (left.high, left.has_high):
        left = left._replace(high=value, has_high=takes)
    return left
