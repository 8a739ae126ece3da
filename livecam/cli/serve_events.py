"""`livecam serve FOLDER` of a folder of events: shows them until it is stopped."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from livecam.assembly.open_watch_page import watch_page_of
from livecam.cli.console import say
from livecam.cli.qr_code import show_link_code
from livecam.cli.serve_page import serve_until_stopped
from livecam.cli.settings_per_command import NOT_OF_EVENTS, refuse_foreign_flags
from livecam.settings.schema import Settings


def serve_events(folder: Path, settings: Settings, origins: Mapping[str, str]) -> int:
    """Show the events of a folder on a page; gives the exit code.

    Args:
        folder: has events.jsonl.
        settings: those of the page are used.
        origins: where settings came from, by name.

    Raises:
        SettingsError: the page cannot be opened, or a flag has no meaning here.
    """
    refuse_foreign_flags("serve", NOT_OF_EVENTS, origins, of=" for a folder of events")
    serve = replace(settings.serve, serve=True)
    return serve_until_stopped(
        watch_page_of(serve, folder, say=say, show_link=show_link_code, is_watching=False)
    )
