"""Names and kinds of classes: what a synset is one of, as WordNet has it (a tabby is a cat)."""

from collections.abc import Iterable, Sequence

_ID_LENGTH = len("n02123045")


class ClassKinds:
    """The synsets above others; lines are parsed where they are asked for."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Keep the lines.

        Args:
            lines: a synset, those right above it with commas between ("-" for none) and, where
                others are below it, its names: "n02121620 n02120997 cat, true cat".
        """
        self._lines = {line[:_ID_LENGTH]: line[_ID_LENGTH + 1 :] for line in lines}

    def nearest(self, synset: str) -> str:
        """The usual name of what it is a kind of; "" where that is not known."""
        above = self._parents_of(synset)
        return self._names_of(above[0])[0] if above else ""

    def above(self, synset: str) -> list[Sequence[str]]:
        """Names of all that it is a kind of, the nearest first."""
        found = list(self._parents_of(synset))
        for kind in found:  # grows while it is walked
            found += (parent for parent in self._parents_of(kind) if parent not in found)
        return [self._names_of(kind) for kind in found]

    def _parents_of(self, synset: str) -> Sequence[str]:
        parents = self._lines.get(synset, "-").partition(" ")[0]
        return () if parents == "-" else parents.split(",")

    def _names_of(self, synset: str) -> Sequence[str]:
        return self._lines[synset].partition(" ")[2].split(", ")
