"""Where settings come from: flag > LIVECAM_* variable > settings file > user's file > default.

The settings file is that of --config (or LIVECAM_CONFIG), else ./livecam.toml, from which only
settings of look and model are taken (current_folder.py).
"""

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import platformdirs
from cyclopts import App, ArgumentCollection
from cyclopts.argument import update_argument_collection
from cyclopts.config import Env

from livecam.core.redaction import secrets_in
from livecam.errors import SettingsError
from livecam.settings.current_folder import FILE_NAME, keys_of_current_folder
from livecam.settings.file_reading import CAMERA_TABLE, read_settings_file
from livecam.settings.other_model import leave_out_other_model

ENV_PREFIX = "LIVECAM_"
WATCH = "watch"
"""The command whose settings file has tables of cameras."""

# Variables that are not settings: where the cache is, which file to read, native messages.
_OTHER_VARIABLES = frozenset({"LIVECAM_CACHE", "LIVECAM_CONFIG", "LIVECAM_DEBUG"})


class SettingOrigins:
    """Records where each setting came from; the last step of cyclopts' chain of configs.

    Attributes:
        by_name: for each setting that is not at its default, by its name as the flag spells it:
            "flag", the variable's name, or the path of the file.
        current_folder_file: ./livecam.toml where it is used.
        secrets: what must not be shown of the values in files.
        notices: lines about settings that were given and have no effect.
        camera_tables: of the settings file of `livecam watch`, by the names of the cameras.
        camera_file: that file; None where no file has such tables.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: the settings are going to be read once more."""
        self.by_name: dict[str, str] = {}
        self.current_folder_file: Path | None = None
        self.secrets: set[str] = set()
        self.notices: list[str] = []
        self.camera_tables: dict[str, Any] = {}
        self.camera_file: Path | None = None

    def __call__(self, _: App, commands: tuple[str, ...], arguments: ArgumentCollection) -> None:
        """Record the origin of every argument, and refuse variables that are not settings."""
        self.notices += leave_out_other_model(commands, arguments, _rank)
        known = set()
        for argument in arguments:
            if not argument.name.startswith("--"):
                continue
            name = argument.name.removeprefix("--")
            if argument.tokens:
                token = argument.tokens[0]
                origin = token.keyword if token.source == "env" else token.source
                self.by_name[name] = "flag" if token.source == "cli" else str(origin)
            known.add(ENV_PREFIX + name.upper().replace("-", "_"))
        _refuse_unknown_variables(known)


def _rank(source: str) -> int:
    """How strong a source is, as cyclopts calls it; 0 is the strongest."""
    return {"cli": 0, "env": 1, str(user_file()): 3}.get(source, 2)


def secrets_of_setting(name: str, value: str) -> set[str]:
    """What must not be shown of this setting's value."""
    is_token = name.casefold().removeprefix(ENV_PREFIX.casefold()) == "token"
    return {value} if is_token else set(secrets_in(value))


def _texts_in(value: Any) -> Iterator[str]:
    """Every text and number in a value of a settings file, which may be of the wrong kind."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)
    else:
        yield str(value)


def keys_of_watch() -> set[str]:
    """What a settings file may say to `livecam watch` alone; the table of cameras, too."""
    from livecam.settings.day_records import DayRecordSettings
    from livecam.settings.notify import NotifySettings
    from livecam.settings.watch import EventFolderSettings, WatchSettings

    groups = (WatchSettings, EventFolderSettings, NotifySettings, DayRecordSettings)
    names = {
        field.name.replace("_", "-") for group in groups for field in dataclasses.fields(group)
    }
    return names | {CAMERA_TABLE}


def _refuse_unknown_variables(known: set[str]) -> None:
    """Raise SettingsError for one; those of `livecam watch` may stand there for all commands."""
    unknown = {name for name in os.environ if name.startswith(ENV_PREFIX)}
    unknown -= known | _OTHER_VARIABLES
    if unknown:  # only then: they are more modules
        unknown -= {ENV_PREFIX + key.upper().replace("-", "_") for key in keys_of_watch()}
    if unknown:
        raise SettingsError(
            f"the environment variable {min(unknown)} is not a setting: "
            "'livecam config' lists them."
        )


def user_file() -> Path | None:
    """The user's own settings file, where the system keeps such files; None without a home."""
    try:
        folder = platformdirs.user_config_path("livecam", appauthor=False)
    except RuntimeError:  # no home; older releases of platformdirs give the folder "~/.config"
        return None
    return folder / "config.toml" if folder.is_absolute() else None


def settings_sources(config_file: Path | None, origins: SettingOrigins) -> Sequence[Any]:
    """Cyclopts' chain of configs, strongest first; flags come before all of them.

    Args:
        config_file: the file of --config, None for ./livecam.toml.
        origins: records what came from where.

    Raises:
        SettingsError: the given file does not exist. A broken one is reported when it is read:
            the commands that take no settings, such as doctor, work without it.
    """
    if config_file is not None and _is_missing(config_file):
        raise SettingsError(f"the settings file {config_file} does not exist: check --config.")
    if config_file is None:
        files = [_current_folder(origins)]
    else:
        files = [_file(config_file, origins, own_only=False)]
    own = user_file()
    if own is not None:
        files.append(_file(own, origins, own_only=True))
    return (Env(ENV_PREFIX, command=False), *files, origins)


def _is_missing(file: Path) -> bool:
    try:
        return not file.exists()
    except OSError:  # in a folder that may not be entered: told when it is read
        return False


Step = Callable[[App, tuple[str, ...], ArgumentCollection], None]


def _file(path: Path, origins: SettingOrigins, *, own_only: bool) -> Step:
    """A step of the chain that takes everything from this file, where it exists."""

    def take(_: App, commands: tuple[str, ...], arguments: ArgumentCollection) -> None:
        keys = read_settings_file(path, own_only=own_only) or {}
        if commands == (WATCH,) and isinstance(keys.get(CAMERA_TABLE), dict):
            _take_cameras(keys.pop(CAMERA_TABLE), path, origins)
        _set(keys, path, arguments, origins)

    return take


def _take_cameras(tables: dict[str, Any], path: Path, origins: SettingOrigins) -> None:
    """Keep the tables of the cameras, of the strongest file that has some."""
    for text in _texts_in(tables):
        origins.secrets |= secrets_of_setting("", text)
    if origins.camera_file is None:
        origins.camera_tables, origins.camera_file = tables, path


def _current_folder(origins: SettingOrigins) -> Step:
    """A step of the chain that takes look and model from ./livecam.toml, where it exists."""

    def take(_: App, __: tuple[str, ...], arguments: ArgumentCollection) -> None:
        path = Path(FILE_NAME)
        keys = keys_of_current_folder(arguments)
        if keys is None:
            return
        origins.current_folder_file = path.absolute()
        _set(keys, path, arguments, origins)

    return take


def _set(
    keys: dict[str, Any], path: Path, arguments: ArgumentCollection, origins: SettingOrigins
) -> None:
    """Give the values to the arguments that have none yet.

    Cyclopts' own Toml would leave out keys that are also commands: serve.
    """
    for key, value in keys.items():
        for text in _texts_in(value):
            origins.secrets |= secrets_of_setting(key, text)
    update_argument_collection(
        keys, str(path.absolute()), arguments, root_keys=(), allow_unknown=False
    )
