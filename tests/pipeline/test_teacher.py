"""The teacher: what it looks at, which classes it fits, and what replaces what."""

import numpy as np
import pytest
from support import picture

from livecam.pipeline.teacher import Teacher

CHANNELS = 6


def features_of(rgb) -> np.ndarray:
    """Features that say how bright the picture is."""
    bright = rgb.mean() / 255.0
    base = np.linspace(bright, 1 - bright, CHANNELS, dtype=np.float32)
    return np.broadcast_to(base, (7, 7, CHANNELS)).copy()


def teacher(names=("dark", "bright"), things: int = 0) -> Teacher:
    other = np.full((things, CHANNELS), 0.5, np.float32)
    return Teacher(features_of, names, other)


def test_it_can_fit_from_the_second_class_on():
    one = teacher()
    assert not one.can_fit()
    one.take("a", "dark", picture(value=20))
    assert not one.can_fit()
    with pytest.raises(ValueError, match="no two classes"):
        one.fit()
    one.take("b", "bright", picture(value=230))
    assert one.can_fit()


def test_one_class_is_enough_beside_other_things():
    one = teacher(things=5)
    one.take("a", "dark", picture(value=20))
    taught, _ = one.fit()
    assert taught.classes.all_names == ("dark", "other")


def test_classes_without_samples_are_left_out():
    one = teacher(("dark", "empty", "bright"))
    one.take("a", "dark", picture(value=20))
    one.take("b", "bright", picture(value=230))
    taught, samples = one.fit()
    assert taught.classes.all_names == ("dark", "bright")
    assert [sample.class_index for sample in samples] == [0, 1]
    pooled = features_of(picture(value=220)).mean((0, 1))
    assert taught.head.logits(pooled).argmax() == 1


def test_a_sample_of_the_same_name_is_replaced():
    one = teacher()
    one.take("a", "dark", picture(value=20))
    one.take("a", "bright", picture(value=230))
    assert one.counts() == {"dark": 0, "bright": 1, "other": 0}


def test_other_is_never_one_of_the_classes_twice():
    one = teacher(("dark", "other"))
    one.take("a", "other", picture(value=128))
    assert one.counts() == {"dark": 0, "other": 1}
