"""The command `livecam watch` with its arguments and help texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter

from livecam.cli.command_context import CommandContext
from livecam.cli.settings_per_command import NOT_OF_WATCH, HelpWithout
from livecam.cli.usage_errors import usage_message
from livecam.errors import SettingsError
from livecam.settings.day_records import DayRecordSettings
from livecam.settings.notify import NotifySettings
from livecam.settings.precedence import WATCH, SettingOrigins
from livecam.settings.schema import Settings
from livecam.settings.watch import EventFolderSettings, WatchSettings

_HELP = """Watch sources for days and weeks, and keep every event, from before it began.

- `livecam watch rtsp://camera/stream --when "daisy > 0.8"` : a clip of every daisy, in events/
- `livecam watch 0 --when "seen == bee" --looks 3/4` : in three of the last four looks
- `livecam watch 0 --model garden.livecam --when "bee > 0.9"` : a class that you taught
- `livecam watch garden.toml` : several cameras, one table [camera.NAME] each
- `livecam watch daisy --model flowers --when "daisy > 0.8" --seconds 30` : to try it

A condition compares the probability of a class, or max(), mean() or logit() of its map, or what is
seen; `and`, `or`, `not` and brackets join them. Each --when makes events of its own. Beside a clip
lie its figures and a picture of the strongest moment with its map; events.jsonl lists them all.
"""


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What was asked for on the command line and in the settings file.

    Attributes:
        sources: as typed; the settings file is not among them.
        watch: what makes an event, for all cameras.
        folder: where events go.
        notify: who is told of them.
        days: what is kept of every day.
        settings: everything else.
        origins: where settings came from.
    """

    sources: tuple[str, ...]
    watch: WatchSettings
    folder: EventFolderSettings
    notify: NotifySettings
    days: DayRecordSettings
    settings: Settings
    origins: SettingOrigins


watch_app = App(name=WATCH, help=_HELP, help_formatter=HelpWithout(NOT_OF_WATCH))


@watch_app.default
def watch(
    *sources: Annotated[
        str,
        Parameter(help="Cameras, streams, clips, daisy; or one settings file with cameras."),
    ],
    watch: WatchSettings | None = None,
    folder: EventFolderSettings | None = None,
    notify: NotifySettings | None = None,
    days: DayRecordSettings | None = None,
    settings: Settings | None = None,
    context: Annotated[CommandContext, Parameter(parse=False)],
) -> int:
    """Watch for days and weeks."""
    from livecam.cli.watch import run_watch

    given = {"watch": watch, "folder": folder, "notify": notify, "days": days}
    request = _request(sources, {**given, "settings": settings}, context)
    return run_watch(request, lambda: _read_again(context))


def _read_again(context: CommandContext) -> WatchRequest:
    """What is asked for now.

    Raises:
        SettingsError: it is not right.
    """
    try:
        bound = context.parse().bound
    except CycloptsError as error:
        raise SettingsError(usage_message(error, (), context.app)) from None
    return _request(bound.args, bound.kwargs, context)


def _request(
    sources: Sequence[str], more: Mapping[str, Any], context: CommandContext
) -> WatchRequest:
    """What was parsed, as one value."""
    file = context.origins.camera_file
    return WatchRequest(
        tuple(text for text in sources if file is None or Path(text) != file),
        more.get("watch") or WatchSettings(),
        more.get("folder") or EventFolderSettings(),
        more.get("notify") or NotifySettings(),
        more.get("days") or DayRecordSettings(),
        more.get("settings") or Settings(),
        context.origins,
    )
