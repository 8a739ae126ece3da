"""livecam shows, live, which part of a picture makes MobileNet say "daisy".

The library in three calls (see livecam.api for types, units and errors):

    with livecam.open_source("clip.mp4") as source:
        model = livecam.open_model(alpha=0.75)
        for shot in livecam.annotate(source, model):
            shot.picture, shot.stats.maximum

    activation = livecam.measure(model, bgr, class_name="daisy")

Importing this package imports neither OpenCV nor TensorFlow.
"""

import importlib
import os
from typing import Any

__version__ = "0.1.0"

# Windows' Media Foundation needs many seconds to open a camera with this switch on; OpenCV reads
# it when it is imported (opencv issue 17687), so it has to be set before anything else.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

__all__ = ["annotate", "measure", "open_model", "open_source"]


def __getattr__(name: str) -> Any:
    """The calls of livecam.api, imported when first asked for (PEP 562)."""
    if name in __all__:
        return getattr(importlib.import_module("livecam.api"), name)
    raise AttributeError(f"module 'livecam' has no attribute {name!r}")
