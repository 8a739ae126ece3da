"""The search for classes: which match what was typed, by names and by kinds, best first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from livecam.core.class_names import comparable_name

Rank = tuple[int, int, int, bool]
"""How well a class matches, the smaller the better: way of matching, form of the text (as typed
before singular), distance of the kind, whether its name begins otherwise."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A class as it is searched; all of it plain.

    Attributes:
        names: all of its own, the usual one first.
        kinds: names of what it is a kind of, each with its distance, 0 for the nearest.
        own_words: the words of its names.
        words: these and the words of its kinds.
    """

    names: tuple[str, ...]
    kinds: Mapping[str, int]
    own_words: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], kinds: Sequence[Iterable[str]]) -> Self:
        """The entry of a class with these names; `kinds` has the names of each, nearest first."""
        own = tuple(map(comparable_name, names))
        distances: dict[str, int] = {}
        for distance, kind in enumerate(kinds):
            for name in map(comparable_name, kind):
                distances.setdefault(name, distance)
        own_words = _words(own)
        return cls(own, distances, own_words, own_words | _words(distances))

    def rank(self, text: str, form: int) -> Rank | None:
        """How well the class matches a plain text; None where it does not.

        "cat" finds what is called so, then cats with that word in their names, other cats,
        others with that word, and only then words that begin with it or have it inside.
        """
        way = self._way_of_matching(text)
        if way is None:
            return None
        distance = self.kinds[text] if way == _OTHER_OF_THE_KIND else 0
        return way, form, distance, not self.names[0].startswith(text)

    def _way_of_matching(self, text: str) -> int | None:
        wanted, own = text.split(), self.own_words
        is_named = own.issuperset(wanted)
        if text in self.names:
            return 0 if text == self.names[0] else 1
        if text in self.kinds:
            return 2 if is_named else _OTHER_OF_THE_KIND
        if is_named:
            return 4
        if self.words.issuperset(wanted):
            return 5
        whole = " ".join(self.names)
        if not all(word in whole for word in wanted):
            return None
        begins = all(any(mine.startswith(word) for mine in own) for word in wanted)
        return 6 if begins else 7


_OTHER_OF_THE_KIND = 3


def search_rank(entry: SearchEntry, forms: Sequence[str]) -> Rank | None:
    """The best rank for any of the forms of a text."""
    ranks = [r for n, form in enumerate(forms) if (r := entry.rank(form, n)) is not None]
    return min(ranks, default=None)


def forms_of(text: str) -> Sequence[str]:
    """The text, plain, and without the endings of an English plural."""
    typed, endings = comparable_name(text), {"ies": "y", "es": "", "s": ""}
    singular = (typed[: -len(end)] + to for end, to in endings.items() if typed.endswith(end))
    return [typed, *singular]


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in name.split())
