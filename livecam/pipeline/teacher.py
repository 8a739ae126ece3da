"""Collects samples of one's own classes, as the base network sees them, and fits the head again."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from livecam.core.teaching.fit import TaughtHead, fit_head
from livecam.core.teaching.samples import OTHER, TaughtClasses, TaughtSample, views_of
from livecam.core.types import BgrImage, RgbImage

Features = npt.NDArray[np.float32]


class Teacher:
    """The samples so far; `fit` may run in another thread than the rest.

    Attributes:
        class_names: of the classes, in order, without "other".
        samples: in the order in which they came.
    """

    def __init__(
        self,
        features_of: Callable[[RgbImage], Features],
        class_names: Sequence[str],
        other_things: npt.NDArray[np.float32],
    ) -> None:
        """Begin without samples.

        Args:
            features_of: uint8 RGB [224, 224, 3] to float32 [rows, columns, channels].
            class_names: of the classes; "other" is always one more.
            other_things: float32 [pictures, channels], pooled features of what belongs to "other".
        """
        self.class_names = tuple(name for name in class_names if name != OTHER)
        self.samples: list[TaughtSample] = []
        self._features_of, self._other_things = features_of, other_things

    def take(self, name: str, class_name: str, bgr: BgrImage) -> TaughtSample:
        """One sample more.

        Args:
            name: of its file; a sample of the same name is replaced.
            class_name: one of `class_names`, or "other".
            bgr: uint8 [height, width, 3]; its centred square is looked at.
        """
        features = [self._features_of(view) for view in views_of(bgr)]
        sample = TaughtSample(
            name,
            (*self.class_names, OTHER).index(class_name),
            np.stack([cells.mean((0, 1)) for cells in features]).astype(np.float32),
            features[0].astype(np.float16),
        )
        # One assignment: a fit in another thread sees the samples before it or after it.
        self.samples = [*(one for one in self.samples if one.name != name), sample]
        return sample

    def counts(self) -> dict[str, int]:
        """How many samples each class has, "other" at the end."""
        of_sample = [sample.class_index for sample in self.samples]
        return {name: of_sample.count(k) for k, name in enumerate((*self.class_names, OTHER))}

    @property
    def other_things_count(self) -> int:
        """How many features of other things there were before any sample."""
        return len(self._other_things)

    @property
    def has_other(self) -> bool:
        """Whether there is anything that is none of the classes."""
        return len(self._other_things) > 0 or self.counts()[OTHER] > 0

    def can_fit(self) -> bool:
        """Whether there is a class with a sample, and something else to tell it from."""
        counts = self.counts()
        with_samples = sum(counts[name] > 0 for name in self.class_names)
        return with_samples > 1 or (with_samples == 1 and self.has_other)

    def fit(self) -> tuple[TaughtHead, list[TaughtSample]]:
        """The head for the classes that have samples, and the samples, by their places in it.

        Raises:
            ValueError: there is nothing to tell apart (`can_fit`).
        """
        if not self.can_fit():
            raise ValueError("there are no two classes with samples")
        every, taken = (*self.class_names, OTHER), self.samples
        there = {every[one.class_index] for one in taken}
        names = tuple(name for name in self.class_names if name in there)
        classes = TaughtClasses(names, len(self._other_things) > 0 or OTHER in there)
        samples = [
            TaughtSample(one.name, classes.index_of(every[one.class_index]), one.views, one.cells)
            for one in taken
        ]
        return fit_head(samples, classes, self._other_things), samples
