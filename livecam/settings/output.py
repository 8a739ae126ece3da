"""Settings of files that are written: recordings, statistics and snapshots."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter, Token
from cyclopts.validators import Number

from livecam.core.name_pattern import DATED_NAME, NamePattern
from livecam.core.split_limit import NO_SPLIT, SplitLimit, split_limit
from livecam.settings.allowed_values import (
    check_file_name,
    check_path,
)
from livecam.settings.groups import OUTPUT


def parse_record(_: object, tokens: Sequence[Token]) -> Path:
    """The name of a recording; of a folder, which ends in a slash, a dated name in it."""
    text = tokens[0].value
    is_folder = text == "." or text.endswith(tuple(filter(None, (os.sep, os.altsep))))
    return Path(text) / DATED_NAME if is_folder else Path(text)


def check_record(_: object, name: Path | None) -> None:
    """A path, not empty, whose percent signs are codes for date and time."""
    check_path(_, name)
    if name == Path():
        raise ValueError("must be the name of a file or a folder.")
    problem = NamePattern(str(name)).problem if name is not None else ""
    if problem:
        raise ValueError(f"it {problem}.")


def check_split(_: object, text: str | None) -> None:
    """A time or a size."""
    if text is not None:
        split_limit(text)


def parse_microphone(_: object, tokens: Sequence[Token]) -> bool | str:
    """A number or a part of a name; in files and variables also whether there is to be one."""
    text = tokens[0].value.strip()
    truth = {"true": True, "false": False, "": False}
    return truth.get(text.casefold(), text)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class OutputSettings:
    """Which files are written, and what the records of --stats contain."""

    record: Annotated[
        Path | None, Parameter(group=OUTPUT, converter=parse_record, validator=check_record)
    ] = None
    """Record the annotated video from the first frame on: FILE.mp4, FILE.mkv, a name with codes
    for date and time like "%Y-%m-%d/%H-%M-%S.mp4", or a folder. Missing folders are made."""

    stats: Annotated[
        str | None, Parameter(group=OUTPUT, allow_leading_hyphen=True, validator=check_file_name)
    ] = None
    """Write the figures of every frame: FILE.jsonl, FILE.csv, or - for JSON lines to stdout; or,
    with --boxes, FILE.coco.json: the boxes of every picture as COCO JSON."""

    grid: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Add the activations of the map to every record of --stats."""

    top: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Add the most probable class, and the five best with probabilities, to records of --stats."""

    timings: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Add age, stage rates and dropped frames of a live source to every record of --stats."""

    snapshots: Annotated[Path, Parameter(group=OUTPUT, validator=check_path)] = Path()
    """Folder for the snapshots and recordings that keys make."""

    save_pictures: Annotated[Path | None, Parameter(group=OUTPUT, validator=check_path)] = None
    """Folder for annotated pictures: of pictures under their own names, with their subfolders; of
    clips and cameras one every --save-every seconds."""

    save_every: Annotated[float, Parameter(group=OUTPUT, validator=Number(gte=0, lte=86_400))] = 1.0
    """Seconds between two pictures of a clip or camera in --save-pictures; 0 saves every frame."""

    force: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Overwrite output files that exist."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """How videos are recorded."""

    split: Annotated[str | None, Parameter(group=OUTPUT, validator=check_split)] = None
    """Begin a new file after this time or size: 90s, 10m, 1h, 500MB, 2GB. Every frame is in
    exactly one file."""

    keep_days: Annotated[float | None, Parameter(group=OUTPUT, validator=Number(gt=0, lte=1e5))] = (
        None
    )
    """Delete recordings that livecam made under names of --record when they are older; livecam
    watch deletes events, but none that is marked as kept."""

    keep_gb: Annotated[float | None, Parameter(group=OUTPUT, validator=Number(gt=0, lte=1e6))] = (
        None
    )
    """Delete the oldest recordings that livecam made under names of --record, so that all of them
    together stay within so many gigabytes; livecam watch deletes events, as --keep-days does."""

    codec: Annotated[Literal["h264", "hevc", "av1", "ffv1"], Parameter(group=OUTPUT)] = "h264"
    """Codec of recordings: h264 plays everywhere; ffv1 is lossless and needs .mkv."""

    quality: Annotated[Literal["small", "good", "best"], Parameter(group=OUTPUT)] = "good"
    """Quality of recordings: small files, good pictures, or the best."""

    pause: Annotated[Literal["cut", "freeze"], Parameter(group=OUTPUT)] = "cut"
    """What a recording holds of a pause: nothing (cut), or, of a camera or stream, a frozen
    picture as long as the pause."""

    record_clean: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Also record the picture without annotation, into NAME_clean beside the annotated video;
    it is the camera's own, also where --mirror turns the annotated one."""

    record_figures: Annotated[bool, Parameter(group=OUTPUT)] = True
    """Draw figures and colour bar into recordings and snapshots."""

    record_top: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Draw the five most probable classes into recordings and snapshots."""

    record_clock: Annotated[
        bool, Parameter(name=("--record-clock", "--clock"), group=OUTPUT, negative="")
    ] = False
    """Write date and time of each frame into recordings, snapshots and pictures of events."""

    record_stats: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Also write the figures of every recorded frame into NAME.jsonl, with the video's times."""

    clip_before: Annotated[float, Parameter(group=OUTPUT, validator=Number(gte=0, lte=600))] = 0.0
    """Let recordings begin this many seconds before their key r was pressed."""

    sound: Annotated[Literal["keep", "drop"], Parameter(group=OUTPUT)] = "keep"
    """Keep or drop a clip's sound in its recording."""

    microphone: Annotated[bool | str, Parameter(group=OUTPUT, converter=parse_microphone)] = False
    """Record a camera with sound: of the default microphone, or of the one of this number or with
    this part in its name, as 'livecam microphones' lists them."""

    disk_reserve: Annotated[float, Parameter(group=OUTPUT, validator=Number(gte=0, lte=1e9))] = (
        200.0
    )
    """Finish a recording before fewer megabytes than this are free."""

    write_buffer: Annotated[float, Parameter(group=OUTPUT, validator=Number(gte=1, lte=1e6))] = (
        512.0
    )
    """Megabytes of a recording that may wait in memory while the disk takes nothing; then frames
    of a camera are dropped, and a clip waits."""

    verbose: Annotated[bool, Parameter(group=OUTPUT, negative="")] = False
    """Print more: which encoder records, and why not another one."""

    @property
    def microphone_name(self) -> str | None:
        """Number or part of the name of the microphone, "" for the default; None without one."""
        if isinstance(self.microphone, str):
            return self.microphone
        return "" if self.microphone else None

    @property
    def split_limit(self) -> SplitLimit:
        """What --split means."""
        return NO_SPLIT if self.split is None else split_limit(self.split)
