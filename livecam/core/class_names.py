"""Names of classes: how they are compared, and a list of them that knows their other names."""

from collections.abc import Callable, Iterable
from typing import Any, Self

from livecam.errors import SettingsError


def comparable_name(name: str) -> str:
    """A name as it is compared: case ignored, its words one space apart."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


class ClassNames(tuple[str, ...]):  # noqa: SLOT001  (a tuple can have none but empty ones)
    """The usual name of each class, in the order of the logits."""

    _index_of: Callable[[str], int] | None = None

    @classmethod
    def of(cls, names: Iterable[str], index_of: Callable[[str], int]) -> Self:
        """These names; `index_of` finds a class by any name, or raises SettingsError."""
        made = cls(names)
        made._index_of = index_of
        return made

    def index(self, value: Any, *bounds: Any) -> int:
        """The index of a class by any of its names.

        Raises:
            ValueError: there is no such class, or the name is ambiguous; the text says more.
        """
        if value in self or bounds or self._index_of is None or not isinstance(value, str):
            return super().index(value, *bounds)
        try:
            return self._index_of(value)
        except SettingsError as error:
            raise ValueError(str(error)) from None
