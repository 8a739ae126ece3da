"""Names of classes: reading them and finding the index that a user means."""

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.core.class_kinds import ClassKinds
from livecam.core.class_names import ClassNames, comparable_name
from livecam.core.printable_text import quoted
from livecam.core.similar_names import first_few, spelled_alike
from livecam.errors import SettingsError

if TYPE_CHECKING:  # a run that searches for no class does without
    from livecam.core.class_search import Rank, SearchEntry

AUTO = "auto"
"""Stands for the class that is seen, instead of a name."""

LAST_OF_WHOLE_WORDS = 5
"""The last rank of class_search.py that matches whole words: those after it are no offer."""

FEW_CLASSES = 20
"""Of a model with so few, all are offered."""


def _no_model(_: str) -> tuple[str, str]:
    return "", ""


@dataclass(frozen=True, repr=False)
class Labels:
    """The classes of a model.

    Attributes:
        names: of each class in order; the usual one first.
        excluded: indices of classes without an activation map of their own ("other"), which a
            user cannot choose.
        synsets: of each class in WordNet; () where they have none.
        read_kinds: gives what the synsets are kinds of, when that is asked for.
        other_model: gives, in words, which other model has a class of this name, and which has
            some of this kind; "" for none.
    """

    names: tuple[tuple[str, ...], ...]
    excluded: frozenset[int] = frozenset()
    synsets: tuple[str, ...] = ()
    read_kinds: Callable[[], ClassKinds] = field(default=ClassKinds, compare=False)
    other_model: Callable[[str], tuple[str, str]] = field(default=_no_model, compare=False)

    def __repr__(self) -> str:
        return f"Labels({len(self.names)} classes from {self.names[0][0]} to {self.names[-1][0]})"

    @functools.cached_property
    def first_names(self) -> ClassNames:
        """The usual name of each class; with its kind where it would stand for two of them."""
        usual = [names[0] for names in self.names]
        count = Counter(map(str.casefold, usual))
        told_apart = (
            name if count[name.casefold()] == 1 else f"{name} ({self.kind_of(index) or index})"
            for index, name in enumerate(usual)
        )
        return ClassNames.of(told_apart, self.index_of)

    @functools.cached_property
    def class_choices(self) -> Sequence[int]:
        """Indices of the classes that a user can choose."""
        every = range(len(self.names))
        return tuple(i for i in every if i not in self.excluded) if self.excluded else every

    def kind_of(self, index: int) -> str:
        """What the class is a kind of, like "wading bird"; "" where that is not known."""
        return self._kinds.nearest(self.synsets[index]) if self.synsets else ""

    def index_of(self, wanted: str) -> int:
        """The index for an index, a synset or a name, in any case, with spaces, hyphens or _.

        Raises:
            SettingsError: unknown (the nearest names are offered), out of range or ambiguous
                (the indices are named).
        """
        if wanted.strip().isascii() and wanted.strip().isdecimal():
            return self._checked(int(wanted))
        found = self._exact(wanted) or self._by_whole_name(wanted)
        if len(found) == 1:
            return found[0]
        if found:
            options = " or ".join(f"{i} for {self._told_apart(i)}" for i in found)
            raise SettingsError(
                f"class {quoted(wanted)} is ambiguous: ask by index or whole name, {options}."
            )
        raise SettingsError(f"there is no class {quoted(wanted)}{self._offer(wanted)}")

    def selectable_index_of(self, wanted: str) -> int:
        """As `index_of`, for a class whose map is going to be shown.

        Raises:
            SettingsError: as `index_of`, or the class cannot be chosen ("other").
        """
        index = self.index_of(wanted)
        if index in self.excluded:
            raise SettingsError(f"the class {quoted(self.first_names[index])} has no map.")
        return index

    def search(self, text: str) -> list[int]:
        """The classes to choose from that match a text, by name, kind or index.

        Returns:
            Indices, best first (class_search.py); all of them for an empty text. What only begins
            with a word of the text, or has it inside, is found where no whole word is.
        """
        if not comparable_name(text):
            return list(self.class_choices)
        if text.strip() in map(str, self.class_choices):
            return [int(text)]
        if comparable_name(text) in self.synsets:
            return self._exact(text)
        ranked = self._ranked(text)
        whole = [index for rank, index in ranked if rank[0] <= LAST_OF_WHOLE_WORDS]
        return whole or [index for _, index in ranked]

    def _ranked(self, text: str) -> "list[tuple[Rank, int]]":
        from livecam.core.class_search import forms_of, search_rank

        entries, forms = self._search_entries, forms_of(text)
        ranked = ((search_rank(entries[index], forms), index) for index in self.class_choices)
        return sorted((rank, index) for rank, index in ranked if rank is not None)

    @functools.cached_property
    def _kinds(self) -> ClassKinds:
        return self.read_kinds()

    @functools.cached_property
    def _search_entries(self) -> "tuple[SearchEntry, ...]":
        from livecam.core.class_search import SearchEntry

        kinds = [self._kinds.above(synset) for synset in self.synsets] or [[]] * len(self.names)
        return tuple(map(SearchEntry.of, self.names, kinds))

    def _checked(self, index: int) -> int:
        if index < len(self.names):
            return index
        raise SettingsError(
            f"there is no class {index}: the model has the classes 0 to {len(self.names) - 1}."
        )

    def _exact(self, wanted: str) -> list[int]:
        """Classes whose usual name it is; failing these, those that have it as another name."""
        key = comparable_name(wanted)
        if key in self.synsets:
            return [self.synsets.index(key)]
        usual = [i for i, names in enumerate(self.names) if comparable_name(names[0]) == key]
        told_apart = [i for i, name in enumerate(self.first_names) if comparable_name(name) == key]
        return (
            told_apart
            or usual
            or [i for i, names in enumerate(self.names) if key in map(comparable_name, names)]
        )

    def _by_whole_name(self, wanted: str) -> list[int]:
        """Classes that messages tell apart by this name: "cardigan (sweater)"."""
        if not wanted.strip().endswith(")"):
            return []
        key = comparable_name(wanted)
        return [i for i in self.class_choices if comparable_name(self._told_apart(i)) == key]

    def has(self, name: str) -> bool:
        """Whether a class that can be chosen has this name."""
        return any(index not in self.excluded for index in self._exact(name))

    def _told_apart(self, index: int) -> str:
        """The name of a class with its kind, where that is known."""
        name, kind = self.first_names[index], self.kind_of(index)
        return name if not kind or name.endswith(")") else f"{name} ({kind})"

    def _offer(self, wanted: str) -> str:
        """What to ask for instead of a name that no class has."""
        parts = [part for part in wanted.replace(";", ",").split(",") if comparable_name(part)]
        if len(parts) > 1 and all(map(self.has, parts)):
            return ": give several classes as a list, on the command line the flag for each."
        of_name, of_kind = self.other_model(wanted)
        if of_name:
            return f": {of_name}."
        alike = self.described(wanted)
        if alike:
            return f": did you mean {alike}?"
        return f": {of_kind}." if of_kind else self._nearest(wanted)

    def described(self, wanted: str) -> str:
        """The classes that have the words of a text in their names or kinds; "" for none."""
        ranked = self._ranked(wanted) if comparable_name(wanted) else []
        alike = [index for rank, index in ranked if rank[0] <= LAST_OF_WHOLE_WORDS]
        return first_few([self.first_names[i] for i in alike])

    def _nearest(self, wanted: str) -> str:
        alike = spelled_alike(wanted, (name for i in self.class_choices for name in self.names[i]))
        if alike:
            return f": did you mean {', '.join(alike)}?"
        if len(self.names) <= FEW_CLASSES:
            return f": use one of {', '.join(self.first_names[i] for i in self.class_choices)}."
        return f"; use an index from 0 to {len(self.names) - 1} or an ImageNet name."


def chosen_classes(labels: Labels, wanted: Sequence[str]) -> tuple[int, ...]:
    """Indices of the classes that a user asked for, in that order, each once.

    Where nothing but AUTO was asked for, the first class that can be chosen stands for it until
    the first frame.

    Raises:
        SettingsError: as `Labels.index_of`.
    """
    return named_classes(labels, wanted) or (labels.class_choices[0],)


def named_classes(labels: Labels, wanted: Sequence[str]) -> tuple[int, ...]:
    """The same without what stands for AUTO; there may be none.

    Raises:
        SettingsError: as `Labels.index_of`.
    """
    named = (labels.index_of(name) for name in wanted if not is_auto(name))
    return tuple(dict.fromkeys(named))


def is_auto(name: str) -> bool:
    """Whether this is AUTO, in any case."""
    return name.strip().casefold() == AUTO
