"""The command `livecam batch` with its arguments and help texts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from livecam.settings.schema import InputLimitSettings, MapSettings, ModelSettings

_HELP = """Measure clips and pictures into one table: an archive, to be searched by `livecam find`.

- `livecam batch clips/ --out archive` : one look a second at every clip of a folder
- `livecam batch "clips/**/*.mp4" --out archive --class daisy --class bee` : two classes at once
- `find . -name "*.mp4" | livecam batch - --out archive` : a list on standard input
- `livecam batch clips/ --out archive --ray auto` : on a cluster of Ray

A network of at most 20 classes (`--model flowers`) is measured with all of them where no --class is
named; imagenet with daisy. Started again it measures what is missing, has changed or failed, and
nothing else; with other settings it writes a second table beside the first. Ctrl-C loses nothing
that was measured. The archive is Parquet files (ARCHIVE/parts) and a manifest of them.
"""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class BatchFlags:
    """What is measured and how, beside the network."""

    out: Annotated[Path | None, Parameter(help="Folder of the archive.")] = None
    looks_per_second: Annotated[
        str,
        Parameter(help="So many looks a second of a clip, key frames where they do; or all."),
    ] = "1"
    segment: Annotated[
        str, Parameter(help="Longer clips are measured in parts of this length: 90s, 10m, 1h.")
    ] = "10m"
    grid: Annotated[bool, Parameter(negative="", help="Add the map of every look.")] = False
    features: Annotated[
        bool,
        Parameter(
            negative="", help="Add what the network gives before its last layer, for --like."
        ),
    ] = False
    boxes: Annotated[
        bool, Parameter(negative="", help="Add the things in the map, with their boxes.")
    ] = False
    processes: Annotated[
        int | None,
        Parameter(validator=Number(gte=1), help="So many processes; by default one per core."),
    ] = None
    ray: Annotated[
        str | None,
        Parameter(help="Measure on a cluster of Ray: auto, or its address; needs livecam[ray]."),
    ] = None


batch_app = App(name="batch", help=_HELP, help_format="markdown")
batch_app.config = ()  # flags of its own and those of the network, no settings files


@batch_app.default
def batch(
    *paths: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help="Clips, pictures, folders, globs; - for a list on standard input.",
        ),
    ],
    flags: BatchFlags | None = None,
    model: ModelSettings | None = None,
    map_settings: MapSettings | None = None,
    limits: InputLimitSettings | None = None,
) -> int:
    """Measure clips and pictures into an archive."""
    from livecam.cli.batch import run_batch

    settings = model or ModelSettings(), map_settings or MapSettings()
    return run_batch(paths, flags or BatchFlags(), *settings, limits or InputLimitSettings())
