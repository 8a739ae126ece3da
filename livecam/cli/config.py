"""`livecam config`: every setting, its value and where it came from, as TOML."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from livecam.settings.schema import Settings


def toml_lines(settings: Settings, origins: Mapping[str, str]) -> Iterator[str]:
    """One line a setting; what is unset is a comment, because TOML has no nothing."""
    width = 34
    for name, value in flat_settings(settings):
        secret = name == "token" and value is not None
        line = f"# {name} =" if value is None or secret else f"{name} = {_toml_value(value)}"
        yield f"{line:<{width}}  # {origins.get(name, 'default')}{', hidden' * secret}"


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
