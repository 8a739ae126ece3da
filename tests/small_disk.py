"""A real disk that is soon full: a tmpfs, which needs root on Linux."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs root"
)


@contextmanager
def mounted_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of this size, as mount takes it ("1m"), in a new folder as long as the block lasts."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False, timeout=30,
        capture_output=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False, timeout=30)
