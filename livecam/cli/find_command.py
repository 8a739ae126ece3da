"""The command `livecam find` with its arguments and help texts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from livecam.cli.shared_flags import AsJson
from livecam.settings.model import ModelName
from livecam.settings.schema import ModelSettings

_HELP = """Find the moments of an archive, which 'livecam batch' has made of many clips.

- `livecam find garden "daisy > 0.8 for 2s"` : every moment, with clip, second and time of day
- `livecam find garden "max(daisy) > 20 and not bee > 0.5" --by day` : so many on each day
- `livecam find garden "daisy > 0.8" --since 2026-07-01 --until 2026-08-01`
- `livecam find garden "daisy > 0.8" --sheet daisies.html` : a page of pictures with maps
- `livecam find garden "daisy > 0.8 for 2s" --clips cut` : every moment as a clip of its own
- `livecam find garden --like photo.jpg` : what looks like a picture

Conditions are those of livecam watch: daisy > 0.8 (probability), max(daisy), mean(daisy),
logit(daisy), seen == daisy, and, or, not. A moment goes on over one look that does not hold.
"""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class FindFlags:
    """What is looked for, and what is made of it."""

    since: Annotated[
        str | None, Parameter(help="From this day or time on, in local time: 2026-07-01.")
    ] = None
    until: Annotated[
        str | None, Parameter(help="Up to this time; a day is the last one that counts.")
    ] = None
    by: Annotated[
        Literal["day", "clip"] | None,
        Parameter(help="How many and how long, for each day or each clip."),
    ] = None
    settings: Annotated[
        str | None,
        Parameter(help="Which of the settings that the archive was measured with."),
    ] = None
    like: Annotated[
        str | None,
        Parameter(help="A picture, or CLIP@SECONDS of the archive: the looks most like it."),
    ] = None
    most: Annotated[
        int, Parameter(validator=Number(gte=1, lte=1000), help="So many with --like.")
    ] = 20
    as_json: AsJson = False
    as_csv: Annotated[bool, Parameter(name="--csv", negative="", help="Print CSV, for tables.")] = (
        False
    )
    clips: Annotated[
        Path | None, Parameter(help="Folder: each moment is cut out as a clip of its own.")
    ] = None
    sheet: Annotated[
        Path | None, Parameter(help="A page of pictures with maps and times: one HTML file.")
    ] = None
    coco: Annotated[
        Path | None, Parameter(help="Folder: pictures of the moments, their boxes as COCO JSON.")
    ] = None
    camtrap_dp: Annotated[
        Path | None, Parameter(help="Folder: a Camtrap DP 1.0.2 package of the moments.")
    ] = None
    latitude: Annotated[
        float | None,
        Parameter(validator=Number(gte=-90, lte=90), help="Of the camera, for --camtrap-dp."),
    ] = None
    longitude: Annotated[
        float | None,
        Parameter(validator=Number(gte=-180, lte=180), help="Of the camera, for --camtrap-dp."),
    ] = None
    species: Annotated[
        tuple[str, ...],
        Parameter(negative="", help='Scientific names for --camtrap-dp: "bee=Apis mellifera".'),
    ] = ()
    force: Annotated[bool, Parameter(negative="", help="Overwrite files if they exist.")] = False


find_app = App(name="find", help=_HELP, help_format="markdown")
find_app.config = ()  # flags of its own, no settings files


@find_app.default
def find(
    archive: Annotated[Path, Parameter(help="The folder that livecam batch wrote.")],
    condition: Annotated[str | None, Parameter(help='What to find: "daisy > 0.8 for 2s".')] = None,
    /,
    *,
    flags: FindFlags | None = None,
    model: Annotated[
        ModelName | Path | None,
        Parameter(help="The archive's network for --like, where it is one of your own."),
    ] = None,
) -> int:
    """Find the moments of an archive."""
    from livecam.assembly.archive_packages import check_archive_packages

    check_archive_packages()
    from livecam.cli.find import run_find

    chosen = ModelSettings() if model is None else ModelSettings(model=model)
    return run_find(archive, condition, flags or FindFlags(), chosen)
