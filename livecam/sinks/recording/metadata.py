"""What a recording says about itself, in the file's own metadata."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def metadata_of(
    about: Mapping[str, Any], class_name: str, begun: datetime, **counts: float
) -> dict[str, str]:
    """Title, time and a comment of one line of JSON, under the names that MP4 and MKV share.

    Args:
        about: version, model, engine and settings.
        class_name: the class that was looked for when the recording began.
        begun: the wall's time.
        counts: frames, dropped and seconds, where they are known already.
    """
    comment = {**about, "class": class_name, **counts}
    return {
        "title": f"livecam: {class_name}",
        "comment": json.dumps(comment, ensure_ascii=False),
        "creation_time": begun.astimezone().isoformat(timespec="seconds"),
    }
