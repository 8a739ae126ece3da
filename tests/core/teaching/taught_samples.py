"""Samples made of numbers: classes that lie apart in features, as a network would give them."""

import numpy as np

from livecam.core.teaching.samples import TaughtSample

CHANNELS = 24


def centre_of(class_index: int) -> np.ndarray:
    """Where the pooled features of a class lie, float64 [channels]."""
    return np.random.default_rng(100 + class_index).random(CHANNELS)


def sample_of(class_index: int, seed: int, *, looks_like: int | None = None) -> TaughtSample:
    """A sample of a class, with three views; it may look like one of another class."""
    rng = np.random.default_rng(seed)
    centre = centre_of(class_index if looks_like is None else looks_like)
    cells = np.maximum(0, centre + rng.normal(0, 0.3, (7, 7, CHANNELS))).astype(np.float16)
    pooled = cells.astype(np.float32).mean((0, 1))
    views = pooled + rng.normal(0, 0.02, (3, CHANNELS)).astype(np.float32) * [[0], [1], [1]]
    return TaughtSample(f"{class_index}/{seed}.png", class_index, views.astype(np.float32), cells)


def samples_of(counts: list[int]) -> list[TaughtSample]:
    """So many samples of each class."""
    return [sample_of(k, 1000 * k + n) for k, count in enumerate(counts) for n in range(count)]


def other_things(count: int = 60) -> np.ndarray:
    """Pooled features of things that are none of the classes, float32 [count, channels]."""
    rng = np.random.default_rng(7)
    return rng.random((count, CHANNELS)).astype(np.float32)
