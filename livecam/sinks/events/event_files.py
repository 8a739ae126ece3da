"""The files of the events that go on: list, clip, figures, thumbnail."""

import json
import stat
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from livecam.core.formatting import reason_of
from livecam.core.jpeg import jpeg_of
from livecam.core.printable_text import json_line
from livecam.core.types import BgrImage
from livecam.core.watching.watch_event import WatchEvent, day_folder, event_file
from livecam.errors import SinkError
from livecam.native.real_path import real_path
from livecam.sinks.events.event_log import FLAG, LOG_NAME, EventLog, is_inside
from livecam.sinks.output_paths import made_folder
from livecam.sinks.recording.disk_space import DiskSpaceMonitor, existing_folder
from livecam.sinks.whole_file import not_written, write_whole

JPEG_QUALITY = 90
CLIP_BYTES = 1_000_000
"""Room for less than that is none: the clip would break off at once."""


class EventFiles:
    """Keeps events in a folder; implements core.watching.event_store.EventStore."""

    def __init__(self, log: EventLog, disk_space: DiskSpaceMonitor | None = None) -> None:
        """`log` is open, and stays so; `disk_space` has the reserve that clips leave free."""
        self._log = log
        self._disk_space = disk_space or DiskSpaceMonitor(0)
        self._ids = set(log.events())
        self._refused: dict[str, WatchEvent] = {}

    @property
    def ids(self) -> Container[str]:
        """Ids that are given already."""
        return self._ids

    def append(self, event: WatchEvent) -> None:
        """Add the present state of an event to the list; of its files those that are there."""
        self._ids.add(event.event)
        self._refused.pop(event.event, None)  # its last state is the one that counts
        self._refused[event.event] = event
        self.append_refused()

    def append_refused(self) -> None:
        """Add what a disk did not take before, where it does now.

        Raises:
            SinkError: it still does not.
        """
        while self._refused:
            name, event = next(iter(self._refused.items()))
            self._log.append(with_existing_files(self._log.folder, event))
            del self._refused[name]

    def has_room(self) -> bool:
        """Whether the disk has room for a clip that begins now."""
        try:
            folder = existing_folder(self._log.folder / LOG_NAME)
        except OSError:  # a disk of the network that is away
            return False
        return self._disk_space.can_hold(folder, CLIP_BYTES)

    def clip_path(self, event: str) -> Path:
        """Where the clean clip of an event goes; its folder is there."""
        made_folder(self._log.folder / day_folder(event), FLAG)
        return self._log.folder / event_file(event, "clean")

    def add_figures(self, event: str, record: Mapping[str, Any]) -> None:
        """Add the figures of one look."""
        path = self._log.folder / event_file(event, "figures")
        line = json_line(record)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(line)
        except OSError as error:
            raise not_written(path, FLAG, error) from error

    def move_figures(self, event: str, by_s: float) -> None:
        """Let the figures of an event count from a beginning that is so much later."""
        path = self._log.folder / event_file(event, "figures")
        try:
            records = map(json.loads, path.read_text("utf-8").splitlines())
            moved = [{**of, "time_s": round(of["time_s"] - by_s, 6)} for of in records]
        except (OSError, ValueError) as error:
            raise SinkError(f"{path} cannot be read ({reason_of(error)}).") from error
        write_whole(path, "".join(map(json_line, moved)), FLAG)

    def save_thumbnail(self, event: str, picture: BgrImage) -> bytes:
        """Keep a picture of an event instead of the one before; gives its JPEG."""
        path = self._log.folder / event_file(event, "thumbnail")
        try:
            content = jpeg_of(picture, JPEG_QUALITY)
        except ValueError as error:
            raise SinkError(f"{path.name} was not saved: {error}.") from error
        made_folder(path.parent, FLAG)
        write_whole(path, content, FLAG)
        return content


def with_existing_files(folder: Path, event: WatchEvent) -> WatchEvent:
    """The event with those of its files that are there.

    Raises:
        SinkError: the disk does not say which.
    """
    real_folder = real_path(folder)
    files = {
        kind: name for kind, name in event.files.items() if _is_there(real_folder, folder / name)
    }
    return event if files == event.files else replace(event, files=files)


def _is_there(real_folder: Path, path: Path) -> bool:
    """Whether a file is there, inside of the folder; an error of the disk does not say so."""
    try:
        return is_inside(real_folder, path) and stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SinkError(
            f"{path} cannot be looked at ({reason_of(error)}): check the disk and the folder."
        ) from error


def thumbnail_of(folder: Path, event: WatchEvent) -> bytes | None:
    """The picture of an event as a JPEG; None where there is none that can be read."""
    try:
        name = with_existing_files(folder, event).files.get("thumbnail")
        return None if name is None else (folder / name).read_bytes()
    except (OSError, SinkError):
        return None
