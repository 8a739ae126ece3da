"""The command `livecam teach` with its arguments and help texts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from livecam.cli.command_context import CommandContext
from livecam.cli.settings_per_command import NOT_OF_TEACH, HelpWithout
from livecam.settings.schema import Settings

_HELP = """Teach classes of your own, from pictures, clips or live; NAME.livecam is the result.

- `livecam teach garden/` : of garden/rose, garden/tulip ... ; one folder a class
- `livecam teach clip.mp4 --from 2 --to 5 --class rose --samples garden` : of a part of a clip
- `livecam teach 0 --class rose --class tulip` : live; hold 1 or 2, and 0 for other things
- `livecam --model garden.livecam` : shows what was learnt; `--class auto` is the default
- `livecam teach garden/ --page garden.html` : the map of every sample, to see what was learnt

Each sample is judged by all others, without it: the table says how many are recognised. A folder
named other holds what is none of the classes; with imagenet 0.75 and with flowers below, features
of other things come with livecam. Samples are pictures in a folder: delete one, and it is
forgotten. The window takes the settings of livecam run.
"""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class TeachFlags:
    """What is taught and what is written."""

    samples: Annotated[
        Path | None,
        Parameter(help="Folder of the samples, one folder a class; by default taught."),
    ] = None
    from_s: Annotated[
        float, Parameter(name="--from", validator=Number(gte=0), help="First second of a clip.")
    ] = 0.0
    to_s: Annotated[
        float | None,
        Parameter(name="--to", validator=Number(gt=0), help="Last second; by default the end."),
    ] = None
    per_second: Annotated[
        float,
        Parameter(validator=Number(gt=0, lte=30), help="Samples a second of a clip."),
    ] = 4.0
    per_class: Annotated[
        int,
        Parameter(
            validator=Number(gte=1),
            help="So many pictures of a folder at most, evenly chosen where it has more.",
        ),
    ] = 100
    output: Annotated[
        Path | None,
        Parameter(
            help="The result; by default FOLDER.livecam, here. One of before is replaced: the "
            "samples hold all of it."
        ),
    ] = None
    page: Annotated[
        Path | None, Parameter(help="Write the map of every sample: one HTML file.")
    ] = None


teach_app = App(name="teach", help=_HELP, help_formatter=HelpWithout(NOT_OF_TEACH))


@teach_app.default
def teach(
    source: Annotated[
        str | None,
        Parameter(help="Folder with a folder for each class; or a clip, pictures, a camera."),
    ] = None,
    /,
    *,
    flags: TeachFlags | None = None,
    settings: Settings | None = None,
    context: Annotated[CommandContext, Parameter(parse=False)],
) -> int:
    """Teach classes of your own."""
    from livecam.cli.teach import run_teach

    chosen = settings or Settings()
    return run_teach(source, flags or TeachFlags(), chosen, context.origins.by_name)
