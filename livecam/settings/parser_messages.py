"""What the parser of flags and settings files says of a wrong value, in words for the user."""

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from cyclopts import CoercionError, CycloptsError

_EXPECTED = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "one text",
    Path: "one path",
}
_UNCONVERTED = re.compile(r'unable to convert (".*") into .*', re.DOTALL)
_TUPLE = re.compile(
    r'Invalid value "\((.*?),?\)" for ', re.DOTALL
)  # of a flag that may be repeated


def in_plain_words(error: CycloptsError) -> str:
    """The parser's message without the types of the program."""
    text = str(error)
    if isinstance(error, CoercionError) and error.target_type is not None:
        return _UNCONVERTED.sub(rf"\1 is not {expected_values(error.target_type)}.", text)
    return _TUPLE.sub(r"Invalid value \1 for ", text)


def expected_values(kind: Any) -> str:
    """What a type takes, for the user: "a number or auto" for float | Literal["auto"] | None."""
    parts = [kind] if get_origin(kind) in (None, Literal) else list(get_args(kind))
    words: list[str] = []
    for part in parts:
        if get_origin(part) is Literal:
            words += [str(value) for value in get_args(part)]
        elif part in _EXPECTED:
            words.append(_EXPECTED[part])
    return " or ".join(dict.fromkeys(words)) or "what it takes"
