"""Makes read-only images: every source gives its pixels in this form."""

from typing import Any

import numpy as np

from livecam.core.types import BgrImage


def read_only_image(bgr: Any) -> BgrImage:
    """The pixels as contiguous uint8 that cannot be written to; copied only where needed."""
    picture = np.ascontiguousarray(bgr, dtype=np.uint8)
    picture.flags.writeable = False
    return BgrImage(picture)
