"""The tables of a settings file of `livecam watch`: one for each camera, [camera.NAME].

    when = "daisy > 0.8"           # for all cameras

    [camera.bed]
    source = "rtsp://user:password@camera/stream"

    [camera.pot]
    source = "0"
    when = ["bee > 0.5", "daisy > 0.9"]
    look-every = 0.2

A table takes what makes an event of this camera and what is kept of it; everything else is the same
for all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cyclopts import App, CycloptsError

from livecam.errors import SettingsError
from livecam.settings.file_reading import CAMERA_TABLE
from livecam.settings.parser_messages import in_plain_words
from livecam.settings.watch import WatchSettings

MOST_CAMERAS = 64
_NAME = re.compile(r"[\w][\w .+-]{0,39}")


@dataclass(frozen=True, slots=True)
class CameraTable:
    """What a settings file says of one camera.

    Attributes:
        name: of the table.
        source: what is watched.
        settings: those of the table, and those of all cameras.
    """

    name: str
    source: str
    settings: WatchSettings


def camera_tables(
    tables: Mapping[str, Any], path: Path, common: WatchSettings, stronger: Sequence[str]
) -> tuple[CameraTable, ...]:
    """The cameras of a settings file.

    Args:
        tables: its table `camera`.
        path: the file, for messages.
        common: what is set for all of them.
        stronger: names of settings that flags or variables set, which tables do not change.

    Raises:
        SettingsError: a table is not right; the text names it and the key.
    """
    found = [_camera(name, table, path, common, stronger) for name, table in tables.items()]
    if len(found) > MOST_CAMERAS:
        raise SettingsError(f"{path}: {len(found)} cameras are more than {MOST_CAMERAS}.")
    return tuple(found)


def _camera(
    name: str, table: Any, path: Path, common: WatchSettings, stronger: Sequence[str]
) -> CameraTable:
    place = f"{path}, [{CAMERA_TABLE}.{name}]"
    if not isinstance(table, Mapping):
        raise SettingsError(
            f"{path}: {CAMERA_TABLE}.{name} is no table: write [{CAMERA_TABLE}.NAME], and below "
            "it source = ..."
        )
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{place}: a camera's name has letters, digits, spaces and .+-_ , 40 at most."
        )
    keys = dict(table)
    source = keys.pop("source", None)
    if isinstance(source, int) and not isinstance(source, bool):
        source = str(source)
    if not isinstance(source, str) or not source.strip():
        raise SettingsError(f'{place}: source is missing: write source = "rtsp://..." or "0".')
    names = {field.name.replace("_", "-"): field.name for field in fields(WatchSettings)}
    for key in keys:
        if key not in names:
            raise SettingsError(
                f"{place}: there is no {key} of a camera: use source, {', '.join(names)}."
            )
    given = _parsed(keys, place)
    changed = {names[key]: getattr(given, names[key]) for key in keys if key not in stronger}
    return CameraTable(name, source, replace(common, **changed))


def _parsed(keys: Mapping[str, Any], place: str) -> WatchSettings:
    """The values, checked by the rules of the flags."""
    app = App(result_action="return_value")

    @app.default
    def take(*, settings: WatchSettings | None = None) -> WatchSettings:
        return settings or WatchSettings()

    try:
        parsed: WatchSettings = app(_tokens(keys), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        text = " ".join(in_plain_words(error).split()).replace("--", "")
        raise SettingsError(f"{place}: {text}") from None
    return parsed


def _tokens(keys: Mapping[str, Any]) -> list[str]:
    """The keys as flags."""
    return [
        f"--{key}={str(value).lower() if isinstance(value, bool) else value}"
        for key, given in keys.items()
        for value in (given if isinstance(given, list) else [given])
    ]
