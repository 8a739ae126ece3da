"""Settings of files that are written: recordings, statistics and snapshots."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import check_file_name, check_path

_GROUP = Group("Recording and data", sort_key=3)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class OutputSettings:
    """Which files are written, and what the records of --stats contain."""

    record: Annotated[Path | None, Parameter(group=_GROUP, validator=check_file_name)] = None
    """Record the annotated video into this .mp4 or .mkv file from the first frame on."""

    stats: Annotated[
        str | None, Parameter(group=_GROUP, allow_leading_hyphen=True, validator=check_file_name)
    ] = None
    """Write the figures of every frame: FILE.jsonl, FILE.csv, or - for JSON lines to stdout."""

    grid: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Add the 49 activations to every record of --stats."""

    top: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Add the most probable class, and the five best with probabilities, to records of --stats."""

    timings: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Add age, stage rates and dropped frames of a live source to every record of --stats."""

    snapshots: Annotated[Path, Parameter(group=_GROUP, validator=check_path)] = Path()
    """Folder for the snapshots and recordings that keys make."""

    force: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Overwrite output files that exist."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """How videos are recorded."""

    codec: Annotated[Literal["h264", "hevc", "av1", "ffv1"], Parameter(group=_GROUP)] = "h264"
    """Codec of recordings: h264 plays everywhere; ffv1 is lossless and needs .mkv."""

    quality: Annotated[Literal["small", "good", "best"], Parameter(group=_GROUP)] = "good"
    """Quality of recordings: small files, good pictures, or the best."""

    pause: Annotated[Literal["cut", "freeze"], Parameter(group=_GROUP)] = "cut"
    """What a recording holds of a pause: nothing (cut), or, of a camera or stream, a frozen
    picture as long as the pause."""

    record_clean: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Also record the picture without annotation, into NAME_clean beside the annotated video."""

    record_stats: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Also write the figures of every recorded frame into NAME.jsonl, with the video's times."""

    clip_before: Annotated[float, Parameter(group=_GROUP, validator=Number(gte=0, lte=600))] = 0.0
    """Let recordings begin this many seconds before their key r was pressed."""

    sound: Annotated[Literal["keep", "drop"], Parameter(group=_GROUP)] = "keep"
    """Keep or drop a clip's sound in its recording."""

    disk_reserve: Annotated[float, Parameter(group=_GROUP, validator=Number(gte=0, lte=1e9))] = (
        200.0
    )
    """Finish a recording before fewer megabytes than this are free."""

    verbose: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Print more: which encoder records, and why not another one."""
