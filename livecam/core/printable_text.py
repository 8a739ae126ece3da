"""Makes text from outside safe to draw, send and print: names of files and cameras, titles, labels.

Such text may steer a terminal, turn the direction of what follows, end OpenCV's process (half a
character), or be endless. What cannot be seen is written as an escape, as in JSON and TOML.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

MOST_LETTERS = 6000
"""More than the longest path of a file, which has to remain readable."""

LONGEST_ESCAPE = len(r"\U000e0001")

_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: a terminal obeys them
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"  # direction; without a width
    "\u2028\u2029"  # ends of lines
    "\ud800-\udfff"  # halves of characters; bytes of names that are not text
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"  # marks, and what is no character
    "\U000e0000-\U000e0fff"  # invisible copies of letters
    "]"
)
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str, most: int = MOST_LETTERS) -> str:
    """The text as it may be shown: nothing unseen, and not longer than this.

    Args:
        text: of any source, any length.
        most: so many letters at most; the middle of a longer text is left out.
    """
    if len(text) > most:
        # Each letter becomes ten at most; cut before, because it may be endless.
        text = _without_middle(text, most)
    if text.isascii() and text.isprintable():
        return text
    shown = _UNSEEN.sub(_escape, text)
    return _without_middle(shown, most) if len(shown) > most else shown


def quoted(text: str) -> str:
    """The text as it was typed, in quotation marks, for messages; on one line."""
    return f"'{printable(text)}'"


def json_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON in which everything unseen is an escape of JSON.

    Args:
        value: of JSON's types.
        indent: letters for each level, on lines of their own; None for a single line.
    """
    lines = json.dumps(value, indent=indent, ensure_ascii=False).split("\n")
    return "\n".join(_printable_json(line) for line in lines)


def json_line(record: Mapping[str, Any], encoding: str = "utf-8") -> str:
    """A record as a line of JSON, unseen letters as escapes; all where `encoding` lacks one."""
    text = json_text(record)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"


def _printable_json(line: str) -> str:
    return line if line.isascii() and line.isprintable() else _UNSEEN.sub(_escape_in_json, line)


def _without_middle(text: str, most: int) -> str:
    kept = max(0, most - 3)
    return f"{text[: kept - kept // 2]}...{text[len(text) - kept // 2 :]}"


def _escape(found: re.Match[str]) -> str:
    letter = found[0]
    code = ord(letter)
    return _NAMED.get(letter) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")


def _escape_in_json(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
