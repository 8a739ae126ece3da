"""What a command may ask beside its own arguments: where settings came from, and again."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclopts import App

from livecam.cli.console import never_print
from livecam.settings.precedence import SettingOrigins, settings_sources


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A command line, understood.

    Attributes:
        command: the function.
        bound: its arguments.
        unparsed: its parameters that no argument fills, by name: they take the context.
    """

    command: Callable[..., int | None]
    bound: inspect.BoundArguments
    unparsed: dict[str, Any]

    def call(self, context: "CommandContext") -> int | None:
        """Run it; gives its exit code."""
        given = dict.fromkeys(self.unparsed, context)
        return self.command(*self.bound.args, **self.bound.kwargs, **given)


@dataclass(frozen=True, slots=True)
class CommandContext:
    """How the present command was asked for.

    Attributes:
        app: the application, whose words messages use.
        origins: where settings came from.
        parse: reads the command line and every settings file once more.
    """

    app: App
    origins: SettingOrigins
    parse: Callable[[], ParsedCommand]


def parse_command(
    app: App, tokens: Sequence[str], file: Path | None, origins: SettingOrigins
) -> ParsedCommand:
    """Understand a command line with the settings files of now.

    Args:
        app: the application.
        tokens: what was typed.
        file: the settings file that was named; None for the usual ones.
        origins: notes anew where settings come from.

    Raises:
        CycloptsError: it cannot be understood.
        SettingsError: a file is not right.
    """
    origins.forget()
    app.config = settings_sources(file, origins)
    try:
        return ParsedCommand(*app.parse_args(tokens, exit_on_error=False, print_error=False))
    finally:
        never_print(origins.secrets)
