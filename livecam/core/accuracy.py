"""How often a network names pictures rightly: accuracy with its interval, and the confusion."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

TOP_COUNT = 5

_Z = 1.959964
"""Of the standard normal distribution: 95 % lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """What a network said of a picture whose class is known.

    Attributes:
        picture: its file, or what stands for it.
        class_name: what it is.
        named: what the network calls it: the most probable class of all.
        probability: of `named`, 0 to 1.
        among_five: whether it is one of the five most probable classes.
    """

    picture: str
    class_name: str
    named: str
    probability: float
    among_five: bool

    @property
    def is_right(self) -> bool:
        """Whether the network names it rightly."""
        return self.named == self.class_name


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a number of pictures.

    Attributes:
        count: so many of them.
        total: of so many; at least one.
    """

    count: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share that many more such pictures would have (Wilson, 1927)."""
        n, p = self.total, self.share
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class ClassAccuracy:
    """What became of the pictures of one class.

    Attributes:
        class_name: what they are.
        right: how many of them were named rightly.
        named: how many were called what, most first.
    """

    class_name: str
    right: Share
    named: dict[str, int]

    @property
    def mistaken_for(self) -> dict[str, int]:
        """The wrong names of them."""
        return {name: count for name, count in self.named.items() if name != self.class_name}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of many pictures; at least one.

    Attributes:
        pictures: in the order in which they came.
        right: how many were named rightly.
        among_five: of how many the right class is one of the five most probable.
        classes: by name, in the order of the alphabet.
    """

    pictures: Sequence[NamedPicture]
    right: Share
    among_five: Share
    classes: tuple[ClassAccuracy, ...]

    @classmethod
    def of(cls, pictures: Sequence[NamedPicture]) -> Self:
        """Count them."""
        total = len(pictures)
        names = sorted({picture.class_name for picture in pictures})
        return cls(
            pictures,
            Share(sum(picture.is_right for picture in pictures), total),
            Share(sum(picture.among_five for picture in pictures), total),
            tuple(_of_class(name, pictures) for name in names),
        )

    @property
    def columns(self) -> list[str]:
        """Every name that was right or was given, for a table of the confusion."""
        own = [row.class_name for row in self.classes]
        return own + sorted({picture.named for picture in self.pictures} - set(own))

    @property
    def surest_mistakes(self) -> list[NamedPicture]:
        """The pictures that were named wrongly, the most probable wrong name first."""
        wrong = [picture for picture in self.pictures if not picture.is_right]
        return sorted(wrong, key=lambda picture: -picture.probability)


def _of_class(name: str, pictures: Sequence[NamedPicture]) -> ClassAccuracy:
    named = Counter(picture.named for picture in pictures if picture.class_name == name)
    return ClassAccuracy(name, Share(named[name], named.total()), dict(named.most_common()))


def accuracy_object(accuracy: Accuracy) -> dict[str, object]:
    """The figures as JSON writes them; the confusion is `named` of each class."""
    return {
        **_share_object(accuracy.right),
        "among_five": accuracy.among_five.count,
        "classes": {
            row.class_name: {**_share_object(row.right), "named": row.named}
            for row in accuracy.classes
        },
        "pictures": [
            {
                "picture": one.picture,
                "class": one.class_name,
                "named": one.named,
                "probability": round(one.probability, 6),
            }
            for one in accuracy.pictures
        ],
    }


def _share_object(share: Share) -> dict[str, object]:
    low, high = share.interval
    return {
        "accuracy": round(share.share, 6),
        "low": round(low, 6),
        "high": round(high, 6),
        "right": share.count,
        "count": share.total,
    }
