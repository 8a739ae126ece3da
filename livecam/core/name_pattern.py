"""Dates and times in names of files, as strftime writes them: %Y-%m-%d_%H-%M-%S."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

# Only codes whose text is the same everywhere and can stand in a name: %c, %x, %X have slashes
# and colons, and %e blanks.
_CODES = {
    "Y": r"\d{4}", "y": r"\d\d", "m": r"\d\d", "d": r"\d\d", "j": r"\d{3}",
    "H": r"\d\d", "I": r"\d\d", "M": r"\d\d", "S": r"\d\d", "f": r"\d{6}",
    "G": r"\d{4}", "V": r"\d\d", "u": r"\d", "w": r"\d", "U": r"\d\d", "W": r"\d\d",
    "a": r"[^\W\d_]+", "A": r"[^\W\d_]+", "b": r"[^\W\d_]+", "B": r"[^\W\d_]+",
    "p": r"[^\W\d_]*", "z": r"[+-]\d{4,6}", "Z": r"[A-Za-z0-9+-]+",
    "%": "%",
}  # fmt: skip
_CODE = re.compile(r"%(.?)", re.DOTALL)

DATED_NAME = "livecam_%Y-%m-%d_%H-%M-%S"
"""The name of a recording or snapshot that was given none; sorts by time."""


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A name, or a part of a path, that may have codes for date and time in it.

    Attributes:
        text: as it was given; %% stands for a percent sign.
    """

    text: str

    @property
    def is_dated(self) -> bool:
        """Whether it gives another name at another time."""
        return any(code != "%" for code in self._codes())

    @property
    def problem(self) -> str:
        """What cannot be written as a name, "" where all can."""
        unknown = next((code for code in self._codes() if code not in _CODES), None)
        if unknown is None:
            return ""
        return (
            f'has "%{unknown}", which is no code for a date or time: write %Y-%m-%d_%H-%M-%S or '
            "the like, and %% for a percent sign"
        )

    def at(self, now: datetime) -> str:
        """The name at a time; `now` without a zone is in local time."""

        def written(found: re.Match[str]) -> str:
            return "%" if found[1] == "%" else f"{now.astimezone():%{found[1]}}"

        return _CODE.sub(written, self.text)

    @property
    def regex(self) -> str:
        """What all its names match, as a regular expression."""
        parts = _CODE.split(self.text)
        texts, codes = parts[::2], parts[1::2]
        matched = [re.escape(texts[0])]
        for code, text in zip(codes, texts[1:], strict=True):
            matched += [_CODES[code], re.escape(text)]
        return "".join(matched)

    def _codes(self) -> Iterator[str]:
        return (found[1] for found in _CODE.finditer(self.text))
