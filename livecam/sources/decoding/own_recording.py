"""Whether a clip is a recording of livecam, as its metadata say."""

import json
from typing import Any


def is_annotated_recording(container: Any) -> bool:
    """Whether livecam made it and drew map and figures into its pictures: no untouched twin.

    Args:
        container: opened by PyAV.
    """
    tags = {key.casefold(): text for key, text in container.metadata.items()}
    try:
        about = json.loads(tags.get("comment", ""))
    except (ValueError, RecursionError):
        return False
    return isinstance(about, dict) and "livecam" in about and not about.get("untouched")
