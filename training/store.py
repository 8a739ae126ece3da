"""All pictures decoded once, in one flat file of bytes that every later step maps into memory."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from training.settings import Split

Picture = np.ndarray  # uint8 [height, width, 3], RGB


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the file and what it is."""

    name: str
    kind: str  # daisy .. tulip, photo, clip, synthetic, rendered_daisy, rendered_other
    label: int
    split: Split
    offset: int
    height: int
    width: int


class Store:
    """A read-only view of the pictures of one file."""

    def __init__(self, path: Path) -> None:
        self.entries = [Entry(**row) for row in json.loads(path.with_suffix(".json").read_text())]
        self._bytes = np.memmap(path, np.uint8, "r")

    def picture(self, entry: Entry) -> Picture:
        """Return the picture, uint8 RGB, without a copy."""
        size = entry.height * entry.width * 3
        flat = self._bytes[entry.offset : entry.offset + size]
        return np.asarray(flat).reshape(entry.height, entry.width, 3)

    def pick(self, split: Split, *kinds: str) -> Iterator[Entry]:
        """Go through the entries of one part, of the given kinds (all, if none is given)."""
        return (e for e in self.entries if e.split == split and (not kinds or e.kind in kinds))


def write_store(path: Path, pictures: Iterable[tuple[str, str, int, Split, Picture]]) -> int:
    """Write name, kind, label, split and pixels of each picture; return how many there were."""
    rows, offset = [], 0
    with path.open("wb") as file:
        for name, kind, label, split, rgb in pictures:
            height, width = rgb.shape[:2]
            rows.append(asdict(Entry(name, kind, label, split, offset, height, width)))
            offset += file.write(np.ascontiguousarray(rgb).tobytes())
    path.with_suffix(".json").write_text(json.dumps(rows))
    return len(rows)
