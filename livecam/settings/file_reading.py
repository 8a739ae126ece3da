"""Reads a settings file: an ordinary file of bounded size, in TOML, and, where asked, one's own."""

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from livecam.errors import SettingsError
from livecam.settings.file_ownership import foreign_place, ownership_problem

LARGEST_FILE_BYTES = 1_000_000
CAMERA_TABLE = "camera"
"""Of a camera that livecam watch watches: [camera.NAME]."""

SPELLED_OTHERWISE = {"no-token": "ask-token"}
"""Flags that turn a setting off and are not its name with no- before it."""

# A pipe that nobody writes to must not hold the start, and a terminal not become ours.
_OPEN_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


def read_settings_file(path: Path, *, own_only: bool) -> dict[str, Any] | None:
    """What the file sets, by key; None where there is no such file.

    Args:
        path: the file.
        own_only: refuse a file that somebody else may have written.

    Raises:
        SettingsError: it cannot be read, is no settings file, or not the user's own.
    """
    try:
        if not path.exists():
            return None
        _check_kind(path.stat())
        content = _content(path, own_only=own_only)
    except OSError as error:
        way_out = ", or set HOME or XDG_CONFIG_HOME to a folder of your own" if own_only else ""
        raise SettingsError(
            f"the settings file {path} cannot be read ({error.strerror}): correct its "
            f"permissions{way_out}."
        ) from error
    except _UnreadableError as error:
        raise SettingsError(f"the settings file {path} {error}.") from error
    return _parsed(path, content)


class _UnreadableError(Exception):
    """Why a file is not read, to follow its name."""


def _content(path: Path, *, own_only: bool) -> bytes:
    descriptor = os.open(path, _OPEN_FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        # Of the opened file: the name may mean another one by now.
        _check_kind(os.fstat(descriptor))
        if own_only:
            _check_is_own(path, descriptor)
        content = file.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        raise _UnreadableError(f"is larger than {LARGEST_FILE_BYTES // 1_000_000} MB")
    return content


def _check_kind(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise _UnreadableError("is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise _UnreadableError("is a pipe or a device, not a file")


def _check_is_own(path: Path, descriptor: int) -> None:
    problem = ownership_problem(descriptor)
    found = f"{path.absolute()}: {problem}" if problem else foreign_place(path.parent)
    if found:
        raise _UnreadableError(
            f"is refused, because others may have written it ({found}): change that, or, if you "
            f"trust it, name it with --config {path}"
        )


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        keys = tomllib.loads(content.decode("utf-8-sig"))  # editors of Windows mark it so
    except RecursionError as error:
        raise SettingsError(f"the settings file {path} is not TOML: nested too deeply.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"the settings file {path} is no UTF-8 text: save it with the encoding UTF-8."
        ) from error
    except ValueError as error:
        raise SettingsError(f"the settings file {path} is not TOML: {error}.") from error
    for key, value in keys.items():
        if key.startswith("no-"):
            name = SPELLED_OTHERWISE.get(key, key.removeprefix("no-"))
            instead = "true" if value is False else "false"
            raise SettingsError(f"{path}: write {name} = {instead}, not {key}.")
        if key == "config":
            raise SettingsError(f"{path}: a settings file cannot name another one with config.")
    return keys
