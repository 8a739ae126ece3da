"""All pictures decoded once, in one flat file of bytes that every later step maps into memory."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from training.settings import Split

Picture = np.ndarray  # uint8 [height, width, 3], RGB; a fourth channel says where the flower is


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the file and what it is."""

    name: str
    kind: str  # daisy .. tulip, photo, clip, synthetic, rendered_daisy, rendered_other, bloom
    label: int
    split: Split
    offset: int
    height: int
    width: int
    channels: int = 3


class Store:
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
        """Go through the entries of one part, of the given kinds (all, if none is given)."""
        return (e for e in self.entries if e.split == split and (not kinds or e.kind in kinds))


def write_store(path: Path, pictures: Iterable[tuple[str, str, int, Split, Picture]]) -> int:
    """Write name, kind, label, split and pixels of each picture; return how many there were."""
    rows, offset = [], 0
    with path.open("wb") as file:
        for name, kind, label, split, rgb in pictures:
            rows.append(asdict(Entry(name, kind, label, split, offset, *rgb.shape)))
            offset += file.write(np.ascontiguousarray(rgb).tobytes())
    path.with_suffix(".json").write_text(json.dumps(rows))
    return len(rows)
