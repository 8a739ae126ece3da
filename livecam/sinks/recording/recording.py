"""One recording that is going on, and the error of one that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from livecam.core.formatting import reason_of
from livecam.errors import LivecamError, SinkError
from livecam.sinks.output_paths import clean_path
from livecam.sinks.recording.metadata import file_metadata
from livecam.sinks.recording.recording_disk import RecordingDisk
from livecam.sinks.recording.recording_names import RecordingName
from livecam.sinks.recording.settings_in_force import SettingsHistory
from livecam.sinks.recording.video_file import VideoFile
from livecam.sinks.recording.watched_encoder import EncoderSilentError


@dataclass(slots=True)
class Recording:
    """One recording that is going on.

    Attributes:
        name: of the annotated video; all other files are named after it.
        begun: when it began, wall clock.
        history: class and heat of its frames.
        run_metadata: versions, model, settings and encoder.
        dropped_before: frames that the recorder had dropped before it.
        begin_pts: time stamp of its first frame; None before that is known.
        end_pts: of the first frame that is in the next files; None where there are none.
        dropped: how many of its own were dropped; known when it is left.
        disk: how its files reach the disk.
    """

    name: RecordingName
    begun: datetime
    history: SettingsHistory
    run_metadata: Mapping[str, Any]
    dropped_before: int
    disk: RecordingDisk
    begin_pts: int | None = None
    end_pts: int | None = None
    dropped: int = 0

    @property
    def path(self) -> Path:
        """The annotated video."""
        return self.name.path

    def count_dropped(self, dropped: int) -> None:
        """It ends now; so many frames has the recorder dropped so far."""
        self.dropped = dropped - self.dropped_before

    def close(self) -> None:
        """Its files are closed: its threads end, and its name is given back."""
        self.disk.close()
        self.name.release()

    def metadata(self, video: Path, **counts: float) -> dict[str, str]:
        """The metadata of one of its videos; `counts` are known at the end only."""
        settings = self.history.metadata(self.begin_pts, self.end_pts)
        is_clean = video.name == clean_path(self.path).name
        run = {**self.run_metadata, "untouched": True} if is_clean else self.run_metadata
        return file_metadata(run, settings, self.begun, **counts)


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
        if files and files[0].has_content and not files[0].is_broken:
            kept = f"what was recorded until then, {files[0].safe_s:.1f} s, is kept"
        return SinkError(
            f"the recording {path or ''} broke off ({error}): {kept}. Try another --codec."
        )
    if files:
        return files[0].failure(error)
    return SinkError(f"recording failed ({reason_of(error)}).")
