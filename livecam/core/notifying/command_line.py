"""The command that is run for an event: its words, and what is put into them. No shell."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""A name in braces; two braces stand for one."""

PLACEHOLDERS = (
    "event", "class", "camera", "source", "start", "end", "looks", "why",
    "probability", "max", "mean", "logit", "seen",
    "clean", "annotated", "figures", "thumbnail",
)  # fmt: skip
"""What may stand in braces: fields of an event's record, of its strongest frame, its files."""


@dataclass(frozen=True, slots=True)
class EventCommand:
    """A command, as the user gave it.

    Attributes:
        words: the program and its arguments, with placeholders.
    """

    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """What is run."""
        return self.words[0]

    def words_for(self, record: Mapping[str, Any], folder: str) -> list[str]:
        """The words for one event; a placeholder never makes two words of one.

        Args:
            record: the event, as its line of events.jsonl has it.
            folder: of the events, which the names of its files count from.
        """
        values = _values(record, folder)

        def filled(found: re.Match[str]) -> str:
            return found[0][0] if found[1] is None else values[found[1]]

        return [_PLACEHOLDER.sub(filled, word) for word in self.words]


def parse_command(text: str, *, is_windows: bool) -> EventCommand:
    """The words of a command line, in quotes where they hold spaces.

    Raises:
        ValueError: there is none, a quote is not closed, or a placeholder is unknown.
    """
    try:
        words = shlex.split(text, posix=not is_windows)
    except ValueError:
        raise ValueError("has a quote that is not closed.") from None
    if is_windows:  # there a backslash is part of a name, and quotes stay
        words = [re.sub(r'^"(.*)"$', r"\1", word) for word in words]
    if not words:
        raise ValueError("must be a program, with its arguments.")
    if _PLACEHOLDER.search(words[0]):
        raise ValueError("must begin with a program, not with a placeholder.")
    for found in _PLACEHOLDER.finditer(" ".join(words)):
        if found[1] is not None and found[1] not in PLACEHOLDERS:
            known = ", ".join(PLACEHOLDERS)
            raise ValueError(f"has {found[0]}, which stands for nothing: there are {known}.")
    return EventCommand(tuple(words))


def _values(record: Mapping[str, Any], folder: str) -> dict[str, str]:
    strongest, files = record.get("strongest") or {}, record.get("files") or {}
    names = {name: f"{folder}/{path}" for name, path in files.items()}
    given = {**record, **strongest, **names}
    return {name: _text(given.get(name)) for name in PLACEHOLDERS}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("\0", "")
