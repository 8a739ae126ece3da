"""Where settings come from: flag > LIVECAM_* variable > settings file > user's file > default.

The settings file is that of --config (or LIVECAM_CONFIG), else ./livecam.toml.
"""

import os
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import platformdirs
from cyclopts import App, ArgumentCollection
from cyclopts.config import Env, Toml

from livecam.errors import SettingsError

ENV_PREFIX = "LIVECAM_"
FILE_NAME = "livecam.toml"
# Variables that are not settings: where the cache is, which file to read, native messages.
_OTHER_VARIABLES = frozenset({"LIVECAM_CACHE", "LIVECAM_CONFIG", "LIVECAM_DEBUG"})


class SettingOrigins:
    """Records where each setting came from; the last step of cyclopts' chain of configs.

    Attributes:
        by_name: for each setting that is not at its default, by its name as the flag spells it:
            "flag", the variable's name, or the path of the file.
    """

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}

    def __call__(self, _: App, __: tuple[str, ...], arguments: ArgumentCollection) -> None:
        """Record the origin of every argument, and refuse variables that are not settings."""
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


def _refuse_unknown_variables(known: set[str]) -> None:
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(ENV_PREFIX) and name not in known | _OTHER_VARIABLES
    )
    if unknown:
        raise SettingsError(
            f"the environment variable {unknown[0]} is not a setting: 'livecam config' lists them."
        )


def user_file() -> Path:
    """The user's own settings file, where the system keeps such files."""
    return platformdirs.user_config_path("livecam", appauthor=False) / "config.toml"


def settings_sources(config_file: Path | None, origins: SettingOrigins) -> Sequence[Any]:
    """Cyclopts' chain of configs, strongest first; flags come before all of them.

    Args:
        config_file: the file of --config, None for ./livecam.toml.
        origins: records what came from where.

    Raises:
        SettingsError: the given file does not exist. A broken one is reported when it is read:
            the commands that take no settings, such as doctor, work without it.
    """
    if config_file is not None and not config_file.is_file():
        what = "is a folder" if config_file.is_dir() else "does not exist"
        raise SettingsError(f"the settings file {config_file} {what}: check --config.")
    return (
        Env(ENV_PREFIX, command=False),
        _toml_source(config_file or Path(FILE_NAME)),
        _toml_source(user_file()),
        origins,
    )


def _toml_source(path: Path) -> Callable[[App, tuple[str, ...], ArgumentCollection], None]:
    """A step of the chain that reads this file, where it exists."""
    toml = Toml(path, must_exist=False, use_commands_as_keys=False)

    def read(app: App, commands: tuple[str, ...], arguments: ArgumentCollection) -> None:
        _check_file(path)
        toml(app, commands, arguments)

    return read


def _check_file(path: Path) -> None:
    """Raise SettingsError, naming the file, where it cannot be read as settings."""
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            keys = tomllib.load(file)
    except OSError as error:
        raise SettingsError(
            f"the settings file {path} cannot be read ({error.strerror})."
        ) from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise SettingsError(f"the settings file {path} is not TOML: {error}.") from error
    for key in keys:
        if key.startswith("no-"):
            raise SettingsError(f"{path}: write {key.removeprefix('no-')} = false, not {key}.")
        if key == "config":
            raise SettingsError(f"{path}: a settings file cannot name another one with config.")
