"""The names of recordings: that of --record for the first, dated ones for those of a key."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.name_pattern import NamePattern
from livecam.sinks.output_locks import OutputLock
from livecam.sinks.output_paths import made_folder, reserve_free_name
from livecam.sinks.recording.file_errors import open_failure
from livecam.sinks.recording.options import RecordingOptions


@dataclass(frozen=True, slots=True)
class RecordingName:
    """The name of one recording.

    Attributes:
        path: the annotated video.
        is_required: whether --record asked for it: its failure ends the run.
        is_dated: whether it was named by date and time.
        lock: held until it is finished; None where the whole run holds it.
    """

    path: Path
    is_required: bool
    is_dated: bool = False
    lock: OutputLock | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is the very name that --record gave."""
        return self.lock is None

    def release(self) -> None:
        """The recording is finished, or failed."""
        if self.lock is not None:
            self.lock.release()


class RecordingNames:
    """Gives each recording a name that nobody else writes to."""

    def __init__(self, options: RecordingOptions) -> None:
        """Reserve nothing yet."""
        self._options = options
        self._asked = options.first_path or options.pattern

    @property
    def asked(self) -> Path | None:
        """What --record named, as long as that recording has not begun."""
        return self._asked

    def next(self, now: datetime) -> RecordingName:
        """The name of --record, once; after that dated ones, reserved at this moment.

        Raises:
            SinkError: the folder cannot be made.
        """
        asked = self._asked
        if asked is not None and asked == self._options.first_path:
            name = RecordingName(asked, is_required=True)
        else:
            name = self._dated(now, is_required=asked is not None)
        self._asked = None  # not before: where there is no name, --record has failed
        return name

    def after(self, name: RecordingName, now: datetime) -> RecordingName:
        """The name of the files in which a recording goes on.

        Dated like the others; after a name without a date NAME_2, NAME_3 ...

        Raises:
            SinkError: the folder cannot be made.
        """
        if not name.is_dated:
            first = self._options.first_path or name.path
            return self._reserved(first, is_required=name.is_required, is_dated=False)
        return self._dated(now, is_required=name.is_required)

    def _dated(self, now: datetime, *, is_required: bool) -> RecordingName:
        options = self._options
        path = Path(NamePattern(str(options.dated_pattern)).at(now))
        made_folder(path.parent, "--snapshots" if options.pattern is None else "--record")
        return self._reserved(path, is_required=is_required, is_dated=True)

    def _reserved(self, path: Path, *, is_required: bool, is_dated: bool) -> RecordingName:
        try:
            lock = reserve_free_name(path.parent, path.stem, path.suffix, self._options.files_of)
        except OSError as error:
            raise open_failure(path, error) from error
        return RecordingName(lock.path, is_required, is_dated, lock)
