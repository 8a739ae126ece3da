"""Read-only pictures: the form in which every source gives its pixels."""

from typing import Any

import numpy as np

from livecam.core.types import BgrImage


def read_only_image(bgr: Any) -> BgrImage:
    """The pixels as contiguous uint8 that nobody can write to; a copy only where it is needed."""
    picture = np.ascontiguousarray(bgr, dtype=np.uint8)
    picture.flags.writeable = False
    return BgrImage(picture)
