"""The settings of a command: the others are neither in its help nor taken as its flags.

They may stand in settings files and variables all the same, which are those of all commands.
"""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from livecam.errors import SettingsError
from livecam.settings.schema import (
    CameraSettings,
    HeatSettings,
    InputLimitSettings,
    MapSettings,
    ModelSettings,
    SceneSettings,
    ServeSettings,
    Settings,
    WindowSettings,
)

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions


def _names_of(settings: type) -> frozenset[str]:
    fields = dataclasses.fields(settings)
    return frozenset(field.name.replace("_", "-").replace("classes", "class") for field in fields)


_PLAYING = frozenset({"at-end", "speed"})
NOT_OF_DEMO = _names_of(CameraSettings) | _PLAYING | {"microphone"}
NOT_OF_BENCH = (
    _names_of(ServeSettings)
    | (_names_of(WindowSettings) - {"window"})
    | {"snapshots", "pause", "clip-before", "lost", "microphone"}
)
EVERY_SETTING = frozenset[str]().union(
    *(_names_of(group.default_factory) for group in dataclasses.fields(Settings))  # type: ignore[arg-type]
)

NOT_OF_TEACH = EVERY_SETTING - {"model", "alpha", "weights", "class", "engine", "threads", "force"}

_OF_WATCH = (
    (_names_of(ModelSettings) - {"class"})
    | _names_of(MapSettings)
    | _names_of(HeatSettings)
    | _names_of(InputLimitSettings)
    | _names_of(SceneSettings)
    | (_names_of(ServeSettings) - {"guests"})
    | (_names_of(CameraSettings) - {"latency", "lost"})
    | {"codec", "quality", "record-figures", "record-top", "record-clock", "disk-reserve"}
    | {"keep-days", "keep-gb", "seconds", "window"}
)
NOT_OF_WATCH = EVERY_SETTING - _OF_WATCH
NOT_OF_EVENTS = EVERY_SETTING - (_names_of(ServeSettings) - {"guests"})


class HelpWithout:
    """Prints the help of a command without some settings; a cyclopts help formatter."""

    def __init__(self, names: frozenset[str]) -> None:
        """`names` are left out, as the flags spell them, without dashes."""
        self._flags = {f"--{name}" for name in names}

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:
        """Print a panel, unless nothing is left of it."""
        from cyclopts.help import DefaultFormatter

        entries = [entry for entry in panel.entries if not self._flags & set(entry.positive_names)]
        if entries:
            DefaultFormatter()(console, options, panel.copy(entries=entries))

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: Any) -> None:
        """Print the line of the usage."""
        from cyclopts.help import DefaultFormatter

        DefaultFormatter().render_usage(console, options, usage)

    def render_description(self, console: "Console", options: "ConsoleOptions", text: Any) -> None:
        """Print what the command does."""
        from cyclopts.help import DefaultFormatter

        DefaultFormatter().render_description(console, options, text)


def refuse_foreign_flags(
    command: str, names: frozenset[str], origins: Mapping[str, str], *, of: str = ""
) -> None:
    """Raise SettingsError for a flag that has no meaning for the command.

    Args:
        command: as it is typed.
        names: of the settings that it does not have.
        origins: where settings came from, by name.
        of: what the command is given, where it has other settings for other things.
    """
    for name in sorted(names):
        if origins.get(name) == "flag":
            raise SettingsError(
                f"--{name} is no setting of livecam {command}{of}: leave it out. "
                f"See 'livecam {command} --help'."
            )
