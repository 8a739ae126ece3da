"""Globs with ** that follow links to folders, but none that leads back to where it came from.

Python's own goes round in such circles until the system refuses, some forty times, and with two
of them in a folder for ever: a link to ".", a Wine prefix whose z: is the whole disk.
"""

import glob
import os
from collections.abc import Iterator

_RECURSIVE = "**"


def recursive_glob(pattern: str) -> list[str]:
    """What matches, as glob.glob(pattern, recursive=True) has it, each once; in no order."""
    return list(dict.fromkeys(_matches(pattern)))


def _matches(pattern: str) -> Iterator[str]:
    parts = pattern.replace(os.altsep or os.sep, os.sep).split(os.sep)  # noqa: PTH206  (a Path drops "./")
    if _RECURSIVE not in parts:
        yield from glob.iglob(pattern)
        return
    at = parts.index(_RECURSIVE)
    above, below = "".join(part + os.sep for part in parts[:at]), parts[at + 1 :]
    for top in glob.glob(above) if above else [""]:
        for folder in _folders(top, (os.path.realpath(top or os.curdir),)):
            if below:
                yield from _matches(os.path.join(glob.escape(folder), *below))  # noqa: PTH118
            else:
                yield from [folder] if folder else []
                yield from glob.iglob(os.path.join(glob.escape(folder), "*"))  # noqa: PTH118


def _folders(folder: str, chain: tuple[str, ...]) -> Iterator[str]:
    """A folder and all below it, but hidden ones; `chain` has the real places of those above."""
    yield folder
    try:
        with os.scandir(folder or os.curdir) as entries:
            found = sorted((entry.name, entry.is_symlink()) for entry in entries if _is_open(entry))
    except OSError:  # no folder, or a closed one: as Python's own
        return
    for name, is_link in found:
        path = os.path.join(folder, name)  # noqa: PTH118
        real = os.path.realpath(path) if is_link else os.path.join(chain[-1], name)  # noqa: PTH118
        if not (is_link and _leads_back(real, chain)):
            yield from _folders(path, (*chain, real))


def _is_open(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir()
    except OSError:
        return False


def _leads_back(real: str, chain: tuple[str, ...]) -> bool:
    """Whether it is a folder of the chain, or one above."""
    inside = real if real.endswith(os.sep) else real + os.sep
    return any(place == real or place.startswith(inside) for place in chain)
