"""The names of ImageNet's 1000 classes, and what they are kinds of."""

import functools
from importlib import resources

from livecam.core.class_kinds import ClassKinds
from livecam.core.labels import Labels


@functools.cache
def imagenet_labels() -> Labels:
    """The 1000 classes of ImageNet in the order of the network's outputs."""
    lines = [line.split(" ", 1) for line in _lines_of("imagenet_labels.txt")]
    names = (tuple(name.strip() for name in names.split(",")) for _, names in lines)
    return Labels(tuple(names), synsets=tuple(synset for synset, _ in lines), read_kinds=_kinds)


@functools.cache
def _kinds() -> ClassKinds:
    """What WordNet has above the synsets of the classes."""
    return ClassKinds(_lines_of("imagenet_kinds.txt"))


def _lines_of(name: str) -> list[str]:
    """The lines of a file of the package, without those that are empty or comments."""
    text = resources.files("livecam.assets").joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
