"""`livecam config`: every setting, its value and where it came from, as TOML."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from livecam.settings.schema import Settings

_LINE_WIDTH = 34


def print_config(settings: Settings, origins: Mapping[str, str]) -> int:
    """Print the settings; gives the exit code.

    Args:
        settings: all of them.
        origins: where those that are not at their defaults came from, by name.
    """
    for line in config_lines(settings, origins):
        print(line)
    return 0


def config_lines(settings: Settings, origins: Mapping[str, str]) -> Iterator[str]:
    """One line per setting; one without a value is a comment, because TOML has no null."""
    for name, value in flat_settings(settings):
        secret = name == "token" and value is not None
        line = f"# {name} =" if value is None or secret else f"{name} = {_toml_value(value)}"
        yield f"{line:<{_LINE_WIDTH}}  # {origins.get(name, 'default')}{', hidden' * secret}"


def flat_settings(settings: Settings) -> Iterator[tuple[str, Any]]:
    """(name as the flag spells it, value) of every setting, in the order of the tree."""
    for group in dataclasses.fields(settings):
        part = getattr(settings, group.name)
        for setting in dataclasses.fields(part):
            name = "class" if setting.name == "classes" else setting.name.replace("_", "-")
            yield name, getattr(part, setting.name)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False)  # also a basic string of TOML
    return str(value)
