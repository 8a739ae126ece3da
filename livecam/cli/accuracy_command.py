"""The command `livecam accuracy` with its arguments and help texts."""

from typing import Annotated

from cyclopts import App, Parameter

from livecam.cli.settings_per_command import HelpWithout
from livecam.cli.shared_flags import AsJson, SeenArea, SeenDetail
from livecam.settings.schema import ModelSettings

_HELP = """Count how many pictures the network names rightly: folders of classes, like photos/daisy.

A table of the classes with their 95 % intervals and what they are mistaken for, the confusion of
few classes, and the surest mistakes. A folder has a class's name, its index or its synset.

- `livecam accuracy photos/ --model flowers`
- `livecam accuracy photos/ --model flowers --precision int8 --json`
- `livecam accuracy photos/ --area frame --detail 2` : as it is seen with these flags
"""


accuracy_app = App(
    name="accuracy",
    help=_HELP,
    help_format="markdown",
    help_formatter=HelpWithout(frozenset({"class"})),
)
accuracy_app.config = ()  # flags of its own and those of the network, no settings files


@accuracy_app.default
def accuracy(
    folder: Annotated[str, Parameter(help="Folder of class folders, glob, or pictures.")],
    /,
    *folders: Annotated[str, Parameter(help="More of them.")],
    as_json: AsJson = False,
    detail: SeenDetail = 1,
    area: SeenArea = "square",
    settings: ModelSettings | None = None,
) -> int:
    """Count how many pictures the network names rightly."""
    from livecam.cli.accuracy import run_accuracy
    from livecam.core.network_size import Look

    look = Look(area, detail)
    return run_accuracy((folder, *folders), settings or ModelSettings(), look, as_json=as_json)
