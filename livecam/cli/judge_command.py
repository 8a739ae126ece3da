"""The command `livecam judge` with its arguments and help texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from livecam.cli.shared_flags import MostPictures, SeenArea
from livecam.core.map_choices import Detail, Place
from livecam.settings.schema import ModelSettings

_HELP = """Judge the map: does the class live where it says, and does it find the things?

Deletion and insertion (28 steps each), average drop and increase; with boxes also pointing,
centre error and overlap; against a box in the middle and a random map. Several --place or --detail
are compared, picture by picture.

- `livecam judge` : the daisy scene, which knows where its flowers are
- `livecam judge photos/ --by-folder --page judged.html` : of photos/daisy, photos/tulip ...
- `livecam judge photos/ --boxes boxes.json --place measured --place page`
"""

_BY_FOLDER_HELP = (
    "Each picture's class is the name of its folder; the folders of a folder are looked into."
)


def _listed(values: Sequence[object]) -> str:
    return ", ".join(map(str, values))


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class JudgeFlags:
    """What is judged and what is written, beside the network and the pictures."""

    boxes: Annotated[
        Path | None, Parameter(help="COCO JSON with the true boxes of the pictures.")
    ] = None
    place: Annotated[
        tuple[Place, ...],
        Parameter(
            negative="",
            show_default=_listed,
            help="Where the map is drawn; repeatable, to compare.",
        ),
    ] = ("measured",)
    detail: Annotated[
        tuple[Detail, ...],
        Parameter(
            negative="",
            show_default=_listed,
            help="224, 448 or 672 pixels on the short side; repeatable.",
        ),
    ] = (1,)
    area: SeenArea = "square"
    by_folder: Annotated[bool, Parameter(negative="", help=_BY_FOLDER_HELP)] = False
    limit: MostPictures = None
    json: Annotated[
        str | None,
        Parameter(
            allow_leading_hyphen=True,
            help="Write all figures to this file; - for standard output.",
        ),
    ] = None
    page: Annotated[Path | None, Parameter(help="Write a page of pictures: one HTML file.")] = None
    force: Annotated[bool, Parameter(negative="", help="Overwrite these files if they exist.")] = (
        False
    )


judge_app = App(name="judge", help=_HELP, help_format="markdown")
judge_app.config = ()  # flags of its own and those of the network, no settings files


@judge_app.default
def judge(
    *pictures: Annotated[
        str, Parameter(help="Pictures, folders, globs, clips; daisy (the scene) by default.")
    ],
    flags: JudgeFlags | None = None,
    settings: ModelSettings | None = None,
) -> int:
    """Judge the map of pictures, clips or the daisy scene."""
    from livecam.cli.judge import run_judge

    return run_judge(pictures, flags or JudgeFlags(), settings or ModelSettings())
