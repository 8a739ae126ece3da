"""Reads a condition, like `daisy > 0.8 and max(bee) > 20`: a safe part of Python's grammar.

Python's own parser makes the tree, of which only comparisons, and, or, not are taken; nothing of it
is ever evaluated.
"""

import ast
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from livecam.core.conditions.expression import (
    SEEN,
    And,
    Comparison,
    Expression,
    Figure,
    Not,
    Operator,
    Or,
)
from livecam.core.printable_text import printable
from livecam.errors import SettingsError

EXAMPLES = (
    '"daisy > 0.8", "max(daisy) > 20", "seen == daisy and not bee > 0.5", \'"barn spider" > 0.5\''
)

LONGEST_LETTERS = 2000
"""A longer condition is refused: Python's parser takes as much stack as there are brackets."""

_OPERATORS: Final[Mapping[type[ast.cmpop], Operator]] = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_TURNED: Final[Mapping[Operator, Operator]] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_FIGURES: Final[Mapping[str, Figure]] = {
    "max": "max",
    "mean": "mean",
    "logit": "logit",
    "probability": "probability",
}
_WORDS: Final = frozenset({"and", "or", "not"})
_UNITS_S: Final[Mapping[str, float]] = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_HOLD = re.compile(
    r"^(?P<condition>.*\S)\s+for\s+(?P<number>\S+?)\s*(?P<unit>[a-z]*)\s*$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class HeldCondition:
    """A condition that has to hold for a while.

    Attributes:
        expression: the condition.
        hold_s: for so many seconds without a break; 0 for a single picture.
    """

    expression: Expression
    hold_s: float = 0.0


def parse_condition(text: str) -> Expression:
    """The condition that a text says.

    Raises:
        SettingsError: it says none; the text names the word and shows how it is done.
    """
    return _Reader(text).expression(_tree_of(text))


def parse_held_condition(text: str) -> HeldCondition:
    """A condition and how long it has to hold, like `daisy > 0.8 for 2s`.

    Units are ms, s, min and h.

    Raises:
        SettingsError: as `parse_condition`, or the time is none.
    """
    found = _HOLD.match(text)
    if found is None:
        return HeldCondition(parse_condition(text))
    number, unit = found["number"], found["unit"]
    try:
        hold_s = float(number) * _UNITS_S[unit]
    except (ValueError, KeyError):
        hold_s = math.nan
    if not 0 <= hold_s < math.inf:
        raise SettingsError(
            f"{printable(text)!r}: 'for {printable(number + unit)}' is no time: write it like "
            "for 2s, for 500ms, for 1.5min or for 1h."
        )
    return HeldCondition(parse_condition(found["condition"]), hold_s)


def _tree_of(text: str) -> ast.expr:
    """Python's tree of it.

    Raises:
        SettingsError: it has none.
    """
    line = " ".join(text.split())
    if not line:
        raise SettingsError(f"a condition is empty: write it like {EXAMPLES}.")
    if len(line) > LONGEST_LETTERS:
        raise SettingsError(
            f"a condition of {len(line)} letters is too long: {LONGEST_LETTERS} at most."
        )
    number = re.search(r"\d,\d+|[\d.,]+ ?%", _without_names(line))
    if number is not None:  # Python has another meaning for both
        problem = "is no number here: it has a point, and no percent sign, like 0.8"
        raise SettingsError(_no_condition(line, number[0], problem))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about strange strings and comparisons: refused below
            ast.parse(f"({line})", mode="eval")  # a comment would swallow the bracket
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise SettingsError(_syntax_problem(line, error.offset or 1)) from None
    except (ValueError, RecursionError, MemoryError):  # a zero byte; brackets in brackets
        raise SettingsError(_no_condition(line, line[:40])) from None


def _no_condition(text: str, word: str, problem: str = "is not understood") -> str:
    return (
        f"{printable(text)!r} is no condition: {printable(word)!r} {problem}. "
        f"Write it like {EXAMPLES}."
    )


def _without_names(line: str) -> str:
    """The text with _ for all letters of names in quotation marks."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", lambda found: "_" * len(found.group()), line)


def _syntax_problem(line: str, offset: int) -> str:
    """The message for a text that Python's parser does not take."""
    without_names = _without_names(line)
    if re.search(r"[^<>=!]=[^=]", without_names):
        return _no_condition(line, "=", "compares nothing: two of them do, ==")
    for found in re.finditer(r"\b([^\W\d]\w*) +(?=([^\W\d]\w*)\b)", without_names):
        words = found.groups()
        loud = next((word for word in words if word not in _WORDS and word.lower() in _WORDS), "")
        if loud:
            return _no_condition(line, loud, f"is written small: {loud.lower()}")
        if not _WORDS & set(words):
            return _no_condition(line, " ".join(words), "has spaces: put it into quotation marks")
    place = min(max(offset - 1, 0), len(line) - 1)
    before = [found for found in re.finditer(r"\S+", line) if found.start() <= place]
    return _no_condition(line, before[-1].group() if before else line)


class _Reader:
    """Makes our expression of Python's tree."""

    def __init__(self, text: str) -> None:
        self._text = " ".join(text.split())

    def expression(self, node: ast.expr) -> Expression:
        if isinstance(node, ast.BoolOp):
            parts = tuple(self.expression(value) for value in node.values)
            return And(parts) if isinstance(node.op, ast.And) else Or(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Not(self.expression(node.operand))
        if isinstance(node, ast.Compare):
            return self._comparisons(node)
        if isinstance(node, ast.Name | ast.Call):
            raise self._refused(node, "is compared with nothing")
        raise self._refused(node)

    def _comparisons(self, node: ast.Compare) -> Expression:
        """One, or those of a chain like 0.2 < daisy < 0.8."""
        sides = [node.left, *node.comparators]
        found = []
        for left, kind, right in zip(sides, node.ops, sides[1:], strict=False):
            sign = _OPERATORS.get(type(kind))
            if sign is None:
                raise self._refused(node, "has another comparison than > >= < <= == !=")
            found.append(self._comparison(left, sign, right))
        return found[0] if len(found) == 1 else And(tuple(found))

    def _comparison(self, left: ast.expr, sign: Operator, right: ast.expr) -> Comparison:
        is_number_first = self._number(left) is not None and self._number(right) is None
        if is_number_first or _is_seen(right):
            left, sign, right = right, _TURNED.get(sign, sign), left
        if _is_seen(left):
            return self._seen(sign, right)
        figure, class_name = self._subject(left)
        value = self._number(right)
        if value is None:
            raise self._refused(right, "is no number to compare with")
        if figure == "probability" and not 0 <= value <= 1:
            raise self._refused(
                right, "is no probability, which is from 0 to 1 (max(...) is the map's)"
            )
        return Comparison(figure, class_name, sign, value)

    def _seen(self, sign: Operator, right: ast.expr) -> Comparison:
        if sign not in ("==", "!="):
            raise self._refused(right, "is compared with seen, which takes == or != and a class")
        return Comparison(SEEN, "", sign, self._class_name(right))

    def _subject(self, node: ast.expr) -> tuple[Figure, str]:
        """Which figure of which class."""
        if not isinstance(node, ast.Call):
            return "probability", self._class_name(node)
        figure = _FIGURES.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if figure is None:
            raise self._refused(node.func, f"is none of {', '.join(_FIGURES)}")
        if len(node.args) != 1 or node.keywords:
            raise self._refused(node, "takes the name of one class")
        return figure, self._class_name(node.args[0])

    def _class_name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            return node.value
        if isinstance(node, ast.BinOp):
            raise self._refused(
                node, "is calculated: put a name with a hyphen into quotation marks"
            )
        raise self._refused(node, "is no name of a class: put an index into quotation marks")

    def _number(self, node: ast.expr) -> float | None:
        """A number, with or without a sign; None for anything else."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._number(node.operand)
            return -value if value is not None and isinstance(node.op, ast.USub) else value
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            return None
        try:
            value = float(node.value)  # type: ignore[arg-type]
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self._refused(node, "is too large")
        return value

    def _refused(self, node: ast.expr, problem: str = "is not understood") -> SettingsError:
        word = ast.get_source_segment(self._text, node) or self._text
        return SettingsError(_no_condition(self._text, word, problem))


def _is_seen(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == SEEN
