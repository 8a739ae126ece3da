"""Where a file goes that was deleted while it was written: the first place that takes a copy."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from livecam.sinks.output_paths import free_path

if TYPE_CHECKING:
    from collections.abc import Callable

_PART_BYTES = 1 << 20


def copy_to_first_place(
    file: BinaryIO, path: Path, on_progress: "Callable[[], None]" = lambda: None
) -> Path:
    """Copy an open file that was deleted to the first folder that takes it.

    Each folder is looked up only when its turn comes: the current one may be the one that was
    deleted, and a temporary or a home folder may be missing.

    Args:
        file: open for reading.
        path: its name, absolute, before it was deleted.
        on_progress: called whenever the copy has grown.

    Returns:
        The copy.

    Raises:
        OSError: no folder could hold it.
    """
    places: tuple[Callable[[], Path], ...] = (
        lambda: _nearest_folder(path),
        Path.cwd,
        lambda: Path(tempfile.gettempdir()),
        Path.home,
    )
    failures: list[OSError] = []
    for place in places:
        try:
            target = free_path(place(), f"{path.stem}_rescued", path.suffix)
            return _copy_synced(file, target, on_progress)
        except OSError as error:  # missing, not writable, or full
            failures.append(error)
        except RuntimeError as error:  # nobody knows where the home folder is
            failures.append(OSError(str(error)))
    raise failures[0]


def _nearest_folder(path: Path) -> Path:
    for folder in path.parents:
        with suppress(OSError):
            if folder.is_dir():
                return folder
    raise FileNotFoundError(2, "no folder above it exists any more", str(path))


def _copy_synced(file: BinaryIO, target: Path, on_progress: "Callable[[], None]") -> Path:
    """Copy a file onto the medium, whole or not at all."""
    file.seek(0)
    with target.open("xb") as copy:
        try:
            copy_parts(file, copy, on_progress)
            copy.flush()
            os.fsync(copy.fileno())
        except OSError:
            copy.close()
            target.unlink(missing_ok=True)
            raise
    return target


def copy_parts(source: BinaryIO, target: BinaryIO, on_progress: "Callable[[], None]") -> None:
    """Copy all that is left of an open file; `on_progress` is called after each part."""
    while part := source.read(_PART_BYTES):
        target.write(part)
        on_progress()
