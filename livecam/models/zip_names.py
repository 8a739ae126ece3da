"""What lies in a ZIP file, where it is one."""

import zipfile
import zlib
from pathlib import Path

DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError)
"""What Python's zipfile raises for damaged archives, and for kinds that it cannot read."""


def names_in_zip(path: Path) -> frozenset[str]:
    """The names in a ZIP file; none where it is no whole one.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_file() or not zipfile.is_zipfile(path):
        return frozenset()
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except DAMAGED:
        return frozenset()
