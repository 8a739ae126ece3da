"""What --record names: one file, or dated names for one recording after another."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.name_pattern import DATED_NAME, NamePattern
from livecam.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """Where recordings go; both None where --record was not given.

    Attributes:
        file: the one file.
        pattern: names with codes for date and time, folders included.
    """

    file: Path | None = None
    pattern: Path | None = None

    @property
    def named(self) -> Path | None:
        """What was given, a file or a pattern."""
        return self.pattern if self.file is None else self.file

    def folder_at(self, now: datetime) -> Path | None:
        """The folder of a recording that begins now."""
        if self.pattern is not None:
            return Path(NamePattern(str(self.pattern)).at(now)).parent
        return None if self.file is None else self.file.parent


def record_target(settings: Settings) -> RecordTarget:
    """The target that the settings mean; a folder stands for dated names in it."""
    record = settings.output.record
    if record is None:
        return RecordTarget()
    if NamePattern(str(record)).is_dated:
        pattern = record
    else:
        file = Path(str(record).replace("%%", "%"))
        if not os.path.isdir(file):  # noqa: PTH112  (a name that is too long is refused elsewhere)
            return RecordTarget(file)
        pattern = record / DATED_NAME
    if pattern.name == DATED_NAME:
        pattern = pattern.with_name(DATED_NAME + default_suffix(settings.recording.codec))
    return RecordTarget(pattern=pattern)


def default_suffix(codec: str) -> str:
    """Of recordings without a name of their own."""
    return ".mkv" if codec == "ffv1" else ".mp4"
