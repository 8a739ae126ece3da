"""Where settings come from: flag > LIVECAM_* > --config or ./livecam.toml > user's > default."""

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
# Variables that are no settings: where the cache is, which file to read, native messages.
_OTHER_VARIABLES = frozenset({"LIVECAM_CACHE", "LIVECAM_CONFIG", "LIVECAM_DEBUG"})


class Provenance:
    """Remembers where each setting came from; the last step of cyclopts' chain of configs."""

    def __init__(self) -> None:
        self.origins: dict[str, str] = {}

    def __call__(self, _: App, __: tuple[str, ...], arguments: ArgumentCollection) -> None:
        """Note the origin of every argument, and refuse variables that mean nothing."""
        known = set()
        for argument in arguments:
            if not argument.name.startswith("--"):
                continue
            name = argument.name.removeprefix("--")
            if argument.tokens:
                token = argument.tokens[0]
                origin = token.keyword if token.source == "env" else token.source
                self.origins[name] = "flag" if token.source == "cli" else str(origin)
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
            f"the environment variable {unknown[0]} is no setting: 'livecam config' lists them."
        )


def user_file() -> Path:
    """The user's own configuration file, where the system keeps such files."""
    return platformdirs.user_config_path("livecam", appauthor=False) / "config.toml"


def config_chain(given: Path | None, provenance: Provenance) -> Sequence[Any]:
    """Cyclopts' chain of configs, strongest first.

    Args:
        given: the file of --config, None for ./livecam.toml.
        provenance: notes what came from where.

    Raises:
        SettingsError: the given file does not exist. A broken one is told when it is read: the
            commands that take no settings, the doctor among them, go on beside it.
    """
    if given is not None and not given.is_file():
        what = "is a folder" if given.is_dir() else "does not exist"
        raise SettingsError(f"the settings file {given} {what}: check --config.")
    return (
        Env(ENV_PREFIX, command=False),
        _toml(given or Path(FILE_NAME)),
        _toml(user_file()),
        provenance,
    )


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


def _toml(path: Path) -> Callable[[App, tuple[str, ...], ArgumentCollection], None]:
    toml = Toml(path, must_exist=False, use_commands_as_keys=False)

    def read(app: App, commands: tuple[str, ...], arguments: ArgumentCollection) -> None:
        _check_file(path)
        toml(app, commands, arguments)

    return read
