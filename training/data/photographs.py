"""Photographs and clips of the shared folder, as pictures of 256 pixels on the short side."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from training.settings import FOLDERS, OTHER, Split
from training.data.splits import split_of_clip, split_of_other, split_of_photo
from training.data.picture_store import Picture

SHORT_SIDE_PX = 256
Found = tuple[str, str, int, Split, Picture]


def flower_photos(shared: Path) -> Iterator[Found]:
    """Go through the photographs of five kinds of flower."""
    for folder, label in FOLDERS.items():
        kind = folder if folder in ("daisy", "dandelion") else folder.removesuffix("s")
        for path in sorted((shared / "photos/flowers" / folder).iterdir()):
            yield path.name, kind, label, split_of_photo(path.name), _read(path)


def other_photos(shared: Path) -> Iterator[Found]:
    """Go through the photographs of anything else."""
    for path in sorted((shared / "photos/other").iterdir()):
        yield path.name, "photo", OTHER, split_of_other(path.name), _read(path)


def clip_frames(shared: Path, frames: int) -> Iterator[Found]:
    """Go through frames of the clips, evenly spaced, those with flowers left out."""
    for path in sorted((shared / "video").iterdir()):
        split = split_of_clip(path.name)
        if path.is_file() and path.suffix in (".mp4", ".mkv", ".mov", ".webm") and split:
            for number, rgb in enumerate(_frames(path, frames)):
                yield f"{path.name}#{number}", "clip", OTHER, split, rgb


def _read(path: Path) -> Picture:
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
