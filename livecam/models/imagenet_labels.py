"""The names of ImageNet's 1000 classes."""

import functools
from importlib import resources

from livecam.core.labels import Labels


@functools.cache
def imagenet_labels() -> Labels:
    """The 1000 classes of ImageNet in the order of the network's outputs."""
    text = resources.files("livecam.assets").joinpath("imagenet_labels.txt").read_text("utf-8")
    lines = (line.split(" ", 1)[1] for line in text.splitlines() if line)
    return Labels(tuple(tuple(name.strip() for name in line.split(",")) for line in lines))
