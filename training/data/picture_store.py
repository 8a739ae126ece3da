"""A file of decoded pictures that every later step maps into memory, with an index in JSON."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.settings import Split

Picture = np.ndarray  # uint8 [height, width, 3], RGB; a fourth channel is the flower's mask
BACKDROP_KINDS = ("photo", "clip", "drawn")  # pictures of other things


class LabelledPicture(NamedTuple):
    """A picture on its way into a store."""

    name: str
    kind: str
    label: int
    split: Split
    picture: Picture
    group: str = ""  # of data/other_groups.py, for pictures of other things


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the file and what it is.

    `kind` is a field of settings.Mixture, or "masked".
    """

    name: str
    kind: str
    label: int
    split: Split
    offset: int
    height: int
    width: int
    channels: int = 3
    group: str = ""


class PictureStore:
    """A read-only view of the pictures of one file."""

    def __init__(self, path: Path) -> None:
        self.entries = [Entry(**row) for row in json.loads(path.with_suffix(".json").read_text())]
        self._bytes = np.memmap(path, np.uint8, "r")

    def picture(self, entry: Entry) -> Picture:
        """Return the picture, uint8 RGB, without a copy."""
        shape = entry.height, entry.width, entry.channels
        flat = self._bytes[entry.offset : entry.offset + math.prod(shape)]
        return np.asarray(flat).reshape(shape)

    def pick(self, split: Split, *kinds: str) -> Iterator[Entry]:
        """Return the entries of one split, of the given kinds (all, if none is given)."""
        return (e for e in self.entries if e.split == split and (not kinds or e.kind in kinds))


def write_store(path: Path, pictures: Iterable[LabelledPicture]) -> int:
    """Write the pixels and the index; return how many pictures there were."""
    rows, offset = [], 0
    with path.open("wb") as file:
        for name, kind, label, split, rgb, group in pictures:
            rows.append(asdict(Entry(name, kind, label, split, offset, *rgb.shape, group)))
            offset += file.write(np.ascontiguousarray(rgb).tobytes())
    path.with_suffix(".json").write_text(json.dumps(rows))
    return len(rows)
