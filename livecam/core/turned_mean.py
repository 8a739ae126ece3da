"""The mean with the picture turned by 180 degrees: what `--place exact` shows.

Whatever draws evidence too far to one side draws that of the turned picture too far to the other,
so the mean of both lies in the middle: no constant is needed. Features are averaged; maps and
logits are those of the mean features, so `mean(map) + constant == logit` stays true. Of a linear
head they are the mean of both pictures' where it averages over the places; where it lays them out
one behind the other they are not, as it says something else of a place that is turned.
"""

from dataclasses import replace

import numpy as np

from livecam.core.types import NetworkOutput, RgbImage


def turned(rgb: RgbImage) -> RgbImage:
    """The picture turned by 180 degrees, contiguous."""
    return RgbImage(np.ascontiguousarray(rgb[::-1, ::-1]))


def turned_back(output: NetworkOutput) -> NetworkOutput:
    """What the network gave for a turned picture, as of the picture itself."""
    return replace(output, features=output.features[::-1, ::-1])


def mean_of(one: NetworkOutput, other: NetworkOutput) -> NetworkOutput:
    """The mean of two outputs of the same size, one of them turned back."""
    features = np.asarray((one.features + other.features) / 2, dtype=np.float32)
    head, logits = one.head, None
    if head is None:
        logits = np.asarray((one.logits + other.logits) / 2, dtype=np.float32)
    return replace(
        one,
        features=features,
        known_logits=logits,
        is_turned_mean=True,
        head_at_picture=None if head is None else head.at(features),
    )
