"""livecam shows, live, which part of a picture makes MobileNet say "daisy".

The library in a few calls (see livecam.api for types, units and errors)::

    with livecam.open_source("clip.mp4") as source:
        model = livecam.open_model(alpha=0.75)
        for annotated in livecam.annotate(source, model):
            annotated.picture, annotated.stats.maximum

    activation = livecam.measure(model, bgr, class_name="daisy")

Importing this package imports neither OpenCV nor TensorFlow.
"""

import importlib
import os
from typing import Any

__version__ = "0.1.0"

# OpenCV reads these when it is imported (opencv issue 17687), so they are set before anything else.
# Windows' Media Foundation needs many seconds to open a camera with this switch on.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# V4L2 waits ten seconds for each picture that does not come, without any message.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
if not os.environ.get("LIVECAM_DEBUG"):
    # What FFmpeg inside OpenCV prints past OpenCV's own log level: -8 is AV_LOG_QUIET.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

__all__ = ["annotate", "measure", "open_model", "open_source"]


def __getattr__(name: str) -> Any:
    """The functions of livecam.api, imported on first access (PEP 562)."""
    if name in __all__:
        return getattr(importlib.import_module("livecam.api"), name)
    raise AttributeError(f"module 'livecam' has no attribute {name!r}")
