"""Names of classes: reading them and finding the index that a user means."""

import difflib
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from livecam.errors import SettingsError


@dataclass(frozen=True)
class Labels:
    """The classes of a model.

    Attributes:
        names: of each class in order; the usual one first.
        excluded: indices of classes without an activation map of their own ("other"), which a
            user cannot choose.
    """

    names: tuple[tuple[str, ...], ...]
    excluded: frozenset[int] = frozenset()

    @functools.cached_property
    def first_names(self) -> tuple[str, ...]:
        """The usual name of each class."""
        return tuple(names[0] for names in self.names)

    @functools.cached_property
    def class_choices(self) -> Sequence[int]:
        """Indices of the classes that a user can choose."""
        every = range(len(self.names))
        return tuple(i for i in every if i not in self.excluded) if self.excluded else every

    def index_of(self, wanted: str) -> int:
        """The index for an index or a name, in any case, with spaces, hyphens or underscores.

        Raises:
            SettingsError: unknown (the nearest names are offered), out of range or ambiguous
                (the indices are named).
        """
        if wanted.strip().isascii() and wanted.strip().isdecimal():
            return self._checked(int(wanted))
        found = self._exact(wanted)
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(f"{i} ({', '.join(self.names[i])})" for i in found)
            raise SettingsError(
                f"class {wanted!r} is ambiguous: ask for it by index, one of {options}."
            )
        raise SettingsError(f"there is no class {wanted!r}{self._offer(wanted)}")

    def selectable_index_of(self, wanted: str) -> int:
        """As `index_of`, for a class whose map is going to be shown.

        Raises:
            SettingsError: as `index_of`, or the class cannot be chosen ("other").
        """
        index = self.index_of(wanted)
        if index in self.excluded:
            raise SettingsError(f"the class {self.first_names[index]!r} has no map.")
        return index

    def search(self, text: str) -> list[int]:
        """The classes to choose from that have all words in their names, or this index.

        Returns:
            Indices: the class with exactly this name first, then those that begin with it.
        """
        words = text.casefold().replace("_", " ").split()
        found = []
        for index in self.class_choices:
            names = [name.casefold() for name in self.names[index]]
            whole = " ".join(names)
            if all(word in whole for word in words) or text.strip() == str(index):
                first = names[0]
                begins = bool(words) and first.startswith(words[0])
                found.append((first != text.strip().casefold(), not begins, index))
        return [index for *_, index in sorted(found)]

    def _checked(self, index: int) -> int:
        if index < len(self.names):
            return index
        raise SettingsError(
            f"there is no class {index}: the model has the classes 0 to {len(self.names) - 1}."
        )

    def _exact(self, wanted: str) -> list[int]:
        """Classes whose usual name it is; failing these, those that have it as another name."""
        key = _plain(wanted)
        usual = [i for i, names in enumerate(self.names) if _plain(names[0]) == key]
        return usual or [
            i for i, names in enumerate(self.names) if key in (_plain(name) for name in names)
        ]

    def _offer(self, wanted: str) -> str:
        spellings = {_plain(name): name for i in self.class_choices for name in self.names[i]}
        close = difflib.get_close_matches(_plain(wanted), spellings, n=5, cutoff=0.6)
        inside = [key for key in spellings if _plain(wanted) in key.split()][:5]
        nearest = list(dict.fromkeys([spellings[key] for key in close + inside]))[:5]
        if not nearest and len(self.names) <= 20:
            return f": use one of {', '.join(self.first_names[i] for i in self.class_choices)}."
        if not nearest:
            return f"; use an index from 0 to {len(self.names) - 1} or an ImageNet name."
        return f": did you mean {', '.join(nearest)}?"


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def chosen_classes(labels: Labels, wanted: Sequence[str]) -> tuple[int, ...]:
    """Indices of the classes that a user asked for, in that order, each once.

    Raises:
        SettingsError: as `Labels.index_of`.
    """
    return tuple(dict.fromkeys(labels.index_of(name) for name in wanted))
