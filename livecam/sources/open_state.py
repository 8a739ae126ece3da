"""Whether a source is open: its frames end with its `with` statement."""

from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")


class OpenState:
    """Between the entering of a source and its leaving: FFmpeg crashes on what was closed."""

    def __init__(self, kind: str) -> None:
        """`kind` of source for the message, with its article: "a Clip"."""
        self._kind = kind
        self._opening: object | None = None

    def enter(self) -> None:
        """It is open from now on; frames of an earlier opening cannot be read on."""
        self._opening = object()

    def leave(self) -> None:
        """It is closed; harmless when called again."""
        self._opening = None

    def while_open(self, items: Iterator[Item]) -> Iterator[Item]:
        """The same items, as long as the source stays open.

        Raises:
            RuntimeError: it is not open, or was closed meanwhile: a mistake of the program.
        """
        opening = self._opening
        if opening is None:
            raise self.not_open()
        for item in items:
            yield item
            if self._opening is not opening:
                raise self.not_open()

    def not_open(self) -> RuntimeError:
        """The error for what is used before it was entered, or after it was left."""
        return RuntimeError(f"{self._kind} is used inside a with statement")
