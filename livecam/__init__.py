"""livecam shows, live, which part of a picture makes MobileNet say "daisy".

The library in a few calls (see livecam.api for types, units and errors)::

    with livecam.open_source("clip.mp4") as source:
        model = livecam.open_model(alpha=0.75)
        for annotated in livecam.annotate(source, model):
            annotated.picture, annotated.stats.maximum

    measured = livecam.measure(model, bgr, class_name="daisy")
    measured.probability, measured.top, measured.grid
    picture = livecam.draw(bgr, measured)

Importing this package imports neither OpenCV nor TensorFlow.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for editors and type checkers; at run time they come when they are asked for
    from livecam import errors
    from livecam.api import annotate, draw, measure, open_model, open_source
    from livecam.core.annotated_frame import AnnotatedFrame
    from livecam.core.measurement import Measurement
    from livecam.settings.schema import HeatSettings

__version__ = "0.1.0"

# OpenCV reads these when it is imported (opencv issue 17687), so they are set before anything else.
# Windows' Media Foundation needs many seconds to open a camera with this switch on.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# V4L2 waits ten seconds for each picture that does not come, without any message.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
if not os.environ.get("LIVECAM_DEBUG"):
    # What FFmpeg inside OpenCV prints past OpenCV's own log level: -8 is AV_LOG_QUIET.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

__all__ = [
    "AnnotatedFrame",
    "HeatSettings",
    "Measurement",
    "annotate",
    "draw",
    "errors",
    "measure",
    "open_model",
    "open_source",
]

_MODULES = {
    "AnnotatedFrame": "livecam.core.annotated_frame",
    "HeatSettings": "livecam.settings.schema",
    "Measurement": "livecam.core.measurement",
}
"""Where the types come from; the calls come from livecam.api."""


def __getattr__(name: str) -> Any:
    """The names of `__all__`, imported on first access (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'livecam' has no attribute {name!r}")
    if name == "errors":
        return importlib.import_module("livecam.errors")
    return getattr(importlib.import_module(_MODULES.get(name, "livecam.api")), name)


def __dir__() -> list[str]:
    """What there is to call, also what is imported only when it is asked for."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
