"""The metadata of an event's clip."""

from datetime import datetime

from livecam import __version__
from livecam.core.printable_text import json_line


def clip_metadata(at: datetime) -> dict[str, str]:
    """Metadata of untouched pictures that begin at a time of the wall clock."""
    comment = {
        "livecam": __version__,
        "untouched": True,
        "begun": at.isoformat(timespec="milliseconds"),  # the other one has whole seconds
    }
    return {
        "comment": json_line(comment, "utf-8").rstrip(),
        "creation_time": at.isoformat(timespec="seconds"),
    }
