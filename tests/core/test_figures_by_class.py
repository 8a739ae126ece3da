"""Figures of several classes are found by what a class is asked for by."""

import pickle

import numpy as np
import pytest

from annotated_frames import class_map_of
from livecam.core.class_figures import class_figures_of
from livecam.core.figures_by_class import FiguresByClass
from livecam.core.types import Activation
from livecam.models.imagenet_labels import imagenet_labels

NAMES = imagenet_labels().first_names
DAISY, HIP = 985, NAMES.index("hip")


def figures(*indices: int, followed: str = "") -> FiguresByClass:
    activation = Activation(np.ones((7, 7), np.float32), np.zeros(1000, np.float32))
    made = (class_figures_of(class_map_of(activation, i), NAMES[i]) for i in indices)
    return FiguresByClass(made, NAMES, followed=followed)


@pytest.mark.parametrize("name", ["hip", "rose hip", "Rose-Hip", "rosehip", HIP, np.int64(HIP)])
def test_any_name_or_the_index_of_a_class_finds_it(name):
    classes = figures(DAISY, HIP)
    assert classes[name].class_name == "hip"
    assert name in classes
    assert classes.get(name) is classes["hip"]


@pytest.mark.parametrize("name", ["bee", "unicorn", "auto", "", 0, None, True])
def test_what_was_not_asked_for_is_told_with_what_was(name):
    with pytest.raises(KeyError, match="none of the classes asked for: 'daisy', 'hip'"):
        figures(DAISY, HIP)[name]


def test_the_one_that_is_followed_is_found_as_auto():
    assert figures(HIP, DAISY, followed="auto")["auto"].class_name == "hip"
    assert list(figures(HIP, DAISY, followed="auto")) == ["hip", "daisy"]


def test_the_names_of_a_model_are_a_tuple_whose_index_knows_other_names():
    assert isinstance(NAMES, tuple)
    assert NAMES.index("rose hip") == NAMES.index("hip") == HIP
    with pytest.raises(ValueError, match="there is no class 'unicorn'"):
        NAMES.index("unicorn")
    with pytest.raises(ValueError, match="ambiguous"):
        NAMES.index("maillot")


def test_they_can_be_stored():
    again = pickle.loads(pickle.dumps(figures(DAISY, HIP)))  # noqa: S301
    assert again["rose hip"].class_index == HIP
