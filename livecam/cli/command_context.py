"""What a command may ask beside its own arguments: where settings came from, and again."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cyclopts import App

from livecam.settings.precedence import SettingOrigins


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
