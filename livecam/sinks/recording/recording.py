"""One recording that is going on, and the error of one that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from livecam.core.formatting import reason_of
from livecam.errors import LivecamError, SinkError
from livecam.sinks.recording.metadata import file_metadata
from livecam.sinks.recording.video_file import VideoFile
from livecam.sinks.recording.watched_encoder import EncoderSilentError


@dataclass(slots=True)
class Recording:
    """One recording that is going on.

    Attributes:
        path: the annotated video; all other files are named after it.
        is_required: whether --record asked for it: its failure ends the run.
        begun: when it began, wall clock.
        class_name: the class that was shown when it began.
        run_metadata: versions, model, settings and encoder.
        dropped_before: frames that the recorder had dropped before it.
        size_notified: whether the user knows that pictures are scaled into its size.
    """

    path: Path
    is_required: bool
    begun: datetime
    class_name: str
    run_metadata: Mapping[str, Any]
    dropped_before: int
    size_notified: bool = False

    def metadata(self, **counts: float) -> dict[str, str]:
        """The metadata of its files; `counts` are known at the end only."""
        return file_metadata(self.run_metadata, self.class_name, self.begun, **counts)


def recording_failure(
    error: Exception, path: Path | None, files: Sequence[VideoFile]
) -> LivecamError:
    """The error that says what failed, and how much is kept.

    Args:
        error: what was raised.
        path: the recording's name; None where it has none yet.
        files: its files, closed by now.
    """
    if isinstance(error, LivecamError):
        return error
    if isinstance(error, EncoderSilentError):
        kept = "nothing was recorded"
        if files and files[0].size_bytes and not files[0].is_broken:
            kept = f"what was recorded until then, {files[0].safe_s:.1f} s, is kept"
        return SinkError(
            f"the recording {path or ''} broke off ({error}): {kept}. Try another --codec."
        )
    if files:
        return files[0].failure(error)
    return SinkError(f"recording failed ({reason_of(error)}).")
