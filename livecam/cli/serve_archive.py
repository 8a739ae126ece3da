"""`livecam serve FOLDER` of an archive: shows and searches it until it is stopped."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from livecam.assembly.archive_packages import check_archive_packages
from livecam.cli.console import say
from livecam.cli.qr_code import show_link_code
from livecam.cli.settings_per_command import NOT_OF_EVENTS, refuse_foreign_flags
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.settings.schema import Settings

POLL_S = 0.1


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
    with StopSignals() as signals:
        try:
            with archive_page_of(serve, folder, say=say, show_link=show_link_code):
                while not signals.stop_asked():
                    time.sleep(POLL_S)
        except Stopped:
            pass
    return signals.exit_code or 0
