"""How long a video is, read from its header."""

from pathlib import Path

import av

from livecam.native.ffmpeg_url import file_url

# No pictures need to be read.
_OPTIONS = {"probesize": "32768", "analyzeduration": "0"}


def video_duration_s(path: Path) -> float | None:
    """The duration in seconds; None where the file does not tell, or is no video."""
    try:
        with av.open(file_url(path), options=_OPTIONS) as container:
            duration = container.duration
    except (av.FFmpegError, OSError, ValueError):
        return None
    return duration / av.time_base if duration is not None and duration > 0 else None
