"""The files of one day and camera: counts as JSON and CSV, mean maps as JSON and pictures."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from livecam.core.day_records.day_counts import COLUMNS, DayCounts, restored_counts
from livecam.core.day_records.day_map import DayMaps, draw_day_map, restored_maps
from livecam.core.jpeg import jpeg_of
from livecam.core.notifying.topics import topic_part
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.sinks.output_paths import free_path, made_folder
from livecam.sinks.whole_file import write_whole

FLAG = "--day-files"
JPEG_QUALITY = 90
TIMELAPSE = "timelapse"

Restored = TypeVar("Restored")


class DayFiles:
    """Reads and writes them; each is there whole, as it is now or as it was before."""

    def __init__(self, events_folder: Path, day: date, camera: str) -> None:
        """Write nothing yet.

        Args:
            events_folder: has a folder for each day.
            day: of which day.
            camera: of which camera; "" for the only one.
        """
        self._folder = events_folder / day.isoformat()
        self._day, self._ending = day, f"-{topic_part(camera)}" if camera else ""

    @property
    def timelapse(self) -> Path:
        """The time-lapse of this day and camera."""
        return self._path(TIMELAPSE, ".mp4")

    def read_counts(self, say: Callable[[str], None]) -> DayCounts:
        """What was counted before on this day; what cannot be read is set aside, and told."""
        return self._read("counts", restored_counts, say) or DayCounts(self._day)

    def read_maps(self, say: Callable[[str], None]) -> DayMaps:
        """The maps of before on this day; the same."""
        return self._read("maps", restored_maps, say) or DayMaps()

    def write_counts(self, counts: DayCounts) -> None:
        """Write the counts, as JSON and as CSV.

        Raises:
            SinkError: that failed; the files of before are there.
        """
        self._write("counts", ".json", _json(counts.record()))
        self._write("counts", ".csv", _csv(counts.rows()))

    def write_maps(self, maps: DayMaps, last: BgrImage | None, view: View) -> None:
        """Write the maps as numbers and, where there is a picture, over that.

        Args:
            maps: of this day.
            last: the day's last picture.
            view: the colours.

        Raises:
            SinkError: that failed; the files of before are there.
        """
        self._write("maps", ".json", _json(maps.record()))
        if last is None:
            return
        height, width = last.shape[:2]
        for each in maps.of_frame((width, height)):
            drawn = draw_day_map(last, each, view, self._day.isoformat())
            name = f"map-{topic_part(each.kind.class_name)}"
            with suppress(ValueError):  # a picture that is too large for one
                self._write(name, ".jpg", jpeg_of(drawn, JPEG_QUALITY))

    def make_folder(self) -> None:
        """Make the folder of the day.

        Raises:
            SinkError: that failed.
        """
        made_folder(self._folder, "--events")

    def _path(self, name: str, suffix: str) -> Path:
        return self._folder / f"{name}{self._ending}{suffix}"

    def _write(self, name: str, suffix: str, content: str | bytes) -> None:
        self.make_folder()
        write_whole(self._path(name, suffix), content, FLAG)

    def _read(
        self, name: str, restore: Callable[[Any], Restored], say: Callable[[str], None]
    ) -> Restored | None:
        path = self._path(name, ".json")
        try:
            return restore(json.loads(path.read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, RecursionError):
            aside = free_path(path.parent, f"{path.stem}.unreadable", path.suffix)
            try:
                path.rename(aside)
            except OSError as error:
                say(f"{path} cannot be read, nor set aside ({error.strerror}): it is begun anew.")
            else:
                say(f"{path} cannot be read, is now {aside.name}, and begins anew.")
            return None


def timelapses(events_folder: Path) -> list[tuple[date, Path]]:
    """All time-lapses below an events folder, with their days, in order."""
    found = []
    for folder in _folders(events_folder):
        try:
            day = date.fromisoformat(folder.name)
        except ValueError:
            continue
        found += [(day, path) for path in sorted(folder.glob(f"{TIMELAPSE}*.mp4"))]
    return sorted(found)


def _folders(events_folder: Path) -> Iterable[Path]:
    try:
        with os.scandir(events_folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:  # it does not exist yet
        return []
    return [events_folder / name for name in names]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
