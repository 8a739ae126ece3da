"""Finds the records of a day in an events folder: counts, mean maps, time-lapses, by camera."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from livecam.core.day_records.day_counts import restored_counts
from livecam.core.day_records.day_map import restored_maps
from livecam.core.day_records.day_summary import CameraDay, DayFile, DayFileKind
from livecam.core.notifying.topics import topic_part
from livecam.sinks.day_records.day_files import TIMELAPSE

Restored = TypeVar("Restored")

_RECORD = re.compile(r"(?:counts|maps)(-[A-Za-z0-9_-]+)?\.json")
_TIMELAPSE = re.compile(rf"{TIMELAPSE}(-[A-Za-z0-9_-]+?)?(_\d+)?\.mp4")
_SHOWN = re.compile(rf"(?:map-[A-Za-z0-9_-]+\.jpg|{TIMELAPSE}[A-Za-z0-9_-]*\.mp4)")


def camera_days(events_folder: Path, day: date, cameras: Iterable[str]) -> list[CameraDay]:
    """The records of a day, of each camera that has any.

    Args:
        events_folder: has a folder for each day.
        day: which one.
        cameras: names that cameras may have: files have letters, digits, _ and - of them alone.
    """
    folder = events_folder / day.isoformat()
    names = {_ending(camera): camera for camera in sorted(cameras)}
    films: dict[str, list[str]] = {}
    endings = set[str]()
    found = sorted(_names_in(folder))
    for name in found:
        if record := _RECORD.fullmatch(name):
            endings.add(record[1] or "")
    for name in found:
        if film := _TIMELAPSE.fullmatch(name):
            whole = f"{film[1] or ''}{film[2] or ''}"  # a camera may be called cam_2
            ending = whole if whole in endings or whole in names else film[1] or ""
            films.setdefault(ending, []).append(name)
    return [
        CameraDay(
            names.get(ending, ending.removeprefix("-")),
            _hours(folder / f"counts{ending}.json"),
            [*_maps(folder, ending), *_files("timelapse", folder, films.get(ending, ()))],
        )
        for ending in sorted(endings | films.keys())
    ]


def day_file(events_folder: Path, day: date, name: str) -> Path | None:
    """A map or a time-lapse of a day; None where the name is that of no such file."""
    path = events_folder / day.isoformat() / name
    return path if _SHOWN.fullmatch(name) and path.is_file() else None


def _ending(camera: str) -> str:
    return f"-{topic_part(camera)}" if camera else ""


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _hours(path: Path) -> list[dict[str, Any]]:
    counts = _restored(path, restored_counts)
    return [] if counts is None else counts.rows()


def _maps(folder: Path, ending: str) -> Iterator[DayFile]:
    """Of each class the picture, where there is one."""
    looks: dict[str, int] = {}
    maps = _restored(folder / f"maps{ending}.json", restored_maps)
    for record in () if maps is None else maps.record():
        looks[record["class"]] = max(looks.get(record["class"], 0), record["looks"])
    for class_name, count in looks.items():
        name = f"map-{topic_part(class_name)}{ending}.jpg"
        yield from _files("map", folder, [name], class_name, count)


def _files(
    kind: DayFileKind, folder: Path, names: Iterable[str], class_name: str = "", looks: int = 0
) -> Iterator[DayFile]:
    for name in names:
        try:
            version = (folder / name).stat().st_mtime_ns
        except OSError:  # not there yet, or deleted meanwhile
            continue
        yield DayFile(kind, name, version, class_name, looks)


def _restored(path: Path, restore: Callable[[Mapping[str, Any]], Restored]) -> Restored | None:
    """What a file holds; None where it is not there, or is none."""
    try:
        return restore(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
