"""The figures of several classes of one picture, found by any name of a class or its index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from livecam.core.class_figures import ClassFigures


class FiguresByClass(Mapping[str, ClassFigures]):
    """Figures by the usual name of their class, in the order asked for; read-only.

    A class is also found by its other names and by its index, as it may be asked for.
    """

    __slots__ = ("_figures", "_followed", "_names")

    def __init__(
        self, figures: Iterable[ClassFigures], names: Sequence[str], *, followed: str = ""
    ) -> None:
        """Keep them.

        Args:
            figures: of each class.
            names: of the model's classes; its `index` finds a class by any name.
            followed: what stands for the first one ("auto"), where the caller asked for that.
        """
        self._figures = {of.class_name: of for of in figures}
        self._names, self._followed = names, followed

    def __getitem__(self, key: str | int) -> ClassFigures:
        """The figures of a class.

        Raises:
            KeyError: it was not asked for; the text says which were.
        """
        found = self._figures.get(key) if isinstance(key, str) else None
        if found is None and key == self._followed != "":
            found = next(iter(self._figures.values()))
        if found is None:
            index = self._index_of(key)
            found = next((of for of in self._figures.values() if of.class_index == index), None)
        if found is None:
            keys = ", ".join(map(repr, self._figures))
            raise KeyError(f"{key!r} is none of the classes asked for: {keys}")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def __repr__(self) -> str:
        return repr(self._figures)

    def _index_of(self, key: object) -> int | None:
        if isinstance(key, int | np.integer) and not isinstance(key, bool):
            return int(key)
        try:
            return self._names.index(key) if isinstance(key, str) else None
        except ValueError:
            return None
