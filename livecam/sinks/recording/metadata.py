"""The metadata of a recording: title, time, and a comment in JSON on model, settings and counts."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import av

from livecam import __version__
from livecam.settings.schema import Settings


def run_metadata(settings: Settings, model_description: str) -> dict[str, Any]:
    """What is the same for all recordings of a run: versions, model and settings.

    No names of files: whoever gets the recording need not know them.
    """
    return {
        "livecam": __version__,
        "pyav": av.__version__,
        "model": model_description,
        "classes": list(settings.model.classes),
        "heat": dataclasses.asdict(settings.heat),
        "codec": settings.recording.codec,
        "quality": settings.recording.quality,
    }


def file_metadata(
    run: Mapping[str, Any], class_name: str, begun: datetime, **counts: float
) -> dict[str, str]:
    """Metadata of one file, under the keys that MP4 and Matroska share.

    Args:
        run: of `run_metadata`, with the encoder's name.
        class_name: the class that was shown when the recording began.
        begun: when the recording began, wall clock.
        counts: frames, dropped and seconds, where they are known already.
    """
    comment = {**run, "class": class_name, **counts}
    return {
        "title": f"livecam: {class_name}",
        "comment": json.dumps(comment, ensure_ascii=False),
        "creation_time": begun.astimezone().isoformat(timespec="seconds"),
    }
