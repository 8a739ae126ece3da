"""Names to propose instead of an unknown one: how many, and which are spelled alike."""

import difflib
from collections.abc import Iterable, Sequence

from livecam.core.class_names import comparable_name

PROPOSED = 5
"""So many names are proposed."""

LIKENESS = 0.6
"""From 0 to 1: names less alike in their letters are not proposed."""


def first_few(names: Sequence[str]) -> str:
    """The first of the names in words, and how many others there are; "" for none."""
    left = len(names) - PROPOSED
    more = f" or one of {left} others" if left > 1 else " or one other" * (left == 1)
    return ", ".join(names[:PROPOSED]) + more


def spelled_alike(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that are spelled most like the wanted one, best first."""
    spellings = {comparable_name(name): name for name in names}
    key = comparable_name(wanted)
    nearest = difflib.get_close_matches(key, spellings, n=PROPOSED, cutoff=LIKENESS)
    return [spellings[key] for key in nearest]
