"""The directive `{from-code} NAME`: parts of pages that are made from the program at each build.

Nothing of it is stored in the repository, so it cannot go stale. A part that cannot be made stops
the build.
"""

from collections.abc import Callable
from typing import ClassVar

import architecture
import commands
import data
import findings_table
import frame_path
import library
import web_api
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PARTS: dict[str, Callable[[], str]] = {
    "commands": commands.commands,
    "settings": commands.settings,
    "settings-of-the-current-folder": commands.settings_of_the_current_folder,
    "keys": commands.keys,
    "exit-codes": commands.exit_codes,
    "stats-columns": data.stats_columns,
    "archive-columns": data.archive_columns,
    "timings-columns": data.timings_columns,
    "stats-example": data.stats_example,
    "recording-metadata": data.recording_metadata,
    "web-api": web_api.routes,
    "events-api": web_api.events_routes,
    "folders": architecture.folders,
    "frame-path": frame_path.path,
    "opened-model": library.opened_model,
    "heat-settings": library.heat_settings,
    "findings": findings_table.findings,
}


class FromCode(SphinxDirective):
    """Puts the Markdown of one part where the directive stands."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """The nodes of the part."""
        self.env.note_reread()  # the program may have changed, although the page did not
        return self.parse_text_to_nodes(PARTS[self.arguments[0]](), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("from-code", FromCode)
    return {"parallel_read_safe": True}
