"""`livecam serve FOLDER` of an archive: shows and searches it until it is stopped."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from livecam.assembly.archive_packages import check_archive_packages
from livecam.cli.console import say
from livecam.cli.qr_code import show_link_code
from livecam.cli.serve_page import serve_until_stopped
from livecam.cli.settings_per_command import NOT_OF_EVENTS, refuse_foreign_flags
from livecam.settings.schema import Settings


def serve_archive(folder: Path, settings: Settings, origins: Mapping[str, str]) -> int:
    """Show an archive on a page; gives the exit code.

    Args:
        folder: of livecam batch.
        settings: those of the page are used.
        origins: where settings came from, by name.

    Raises:
        SettingsError: the page cannot be opened, or a flag has no meaning here.
        SourceError: nothing of the archive can be read.
    """
    refuse_foreign_flags("serve", NOT_OF_EVENTS, origins, of=" for an archive")
    check_archive_packages()
    from livecam.assembly.archive_page import archive_page_of

    serve = replace(settings.serve, serve=True)
    return serve_until_stopped(archive_page_of(serve, folder, say=say, show_link=show_link_code))
