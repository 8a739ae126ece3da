"""`livecam config`: every setting, its value and where it came from, as TOML."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from livecam.core.printable_text import LONGEST_ESCAPE, printable
from livecam.core.redaction import secrets_in
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
        secret = value is not None and _is_secret(name, value)
        line = f"# {name} =" if value is None or secret else f"{name} = {_toml_value(value)}"
        origin = printable(origins.get(name, "default"))
        yield f"{line:<{_LINE_WIDTH}}  # {origin}{', hidden' * secret}"


def flat_settings(settings: Settings) -> Iterator[tuple[str, Any]]:
    """(name as the flag spells it, value) of every setting, in the order of the tree."""
    for group in dataclasses.fields(settings):
        part = getattr(settings, group.name)
        for setting in dataclasses.fields(part):
            name = "class" if setting.name == "classes" else setting.name.replace("_", "-")
            yield name, getattr(part, setting.name)


def _is_secret(name: str, value: Any) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return name == "token" or any(True for part in values for _ in secrets_in(str(part)))


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str | Path):
        text = json.dumps(str(value), ensure_ascii=False)  # also a basic string of TOML
        return printable(text, LONGEST_ESCAPE * len(text))  # whose escapes TOML reads, too
    return str(value)
