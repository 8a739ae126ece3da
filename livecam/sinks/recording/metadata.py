"""The metadata of a recording: title, time, and a comment in JSON on model, settings and counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import av

from livecam import __version__
from livecam.core.printable_text import json_line, printable
from livecam.settings.schema import Settings


def run_metadata(settings: Settings, model_description: str) -> dict[str, Any]:
    """What is the same for all recordings of a run: versions, model and encoding.

    No names of files: whoever gets the recording need not know them.
    """
    return {
        "livecam": __version__,
        "pyav": av.__version__,
        "model": model_description,
        "classes": list(settings.model.classes or ()),
        "codec": settings.recording.codec,
        "quality": settings.recording.quality,
    }


def file_metadata(
    run: Mapping[str, Any], settings: Mapping[str, Any], begun: datetime, **counts: float
) -> dict[str, str]:
    """Metadata of one file, under the keys that MP4 and Matroska share.

    Class and heat are those at the file's beginning; what was changed on the way is known at its
    end only, and stands beside them with the time of the change.

    Args:
        run: of `run_metadata`, with the encoder's name.
        settings: those in force, of `SettingsHistory`.
        begun: when the recording began, wall clock.
        counts: frames, dropped and seconds, where they are known already.
    """
    comment = {**run, **settings, **counts}
    return {
        "title": printable(f"livecam: {settings['class']}"),
        "comment": json_line(comment, "utf-8").rstrip(),  # exact, also of what is no text
        "creation_time": begun.astimezone().isoformat(timespec="seconds"),
    }
