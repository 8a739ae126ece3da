"""Results of tasks, handed over in files and not through the pipe that all workers share.

A process that is killed while it writes more than a pipe takes at once leaves the beginning of a
message there, and the program waits for the rest of it for ever: the pipe never ends, because the
other workers, and the program itself, have it open for writing. The path of a file always fits.
"""

import os
import pickle
import shutil
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from livecam.core.formatting import reason_of
from livecam.errors import SinkError

REMOVALS = 20
"""Workers that are just finishing a task write one more result meanwhile."""

_NUMBERS = count()


def new_result_folder() -> "tempfile.TemporaryDirectory[str]":
    """A new folder among the temporary ones; it goes with the program, wherever that is ended.

    Raises:
        SinkError: none can be made.
    """
    try:
        return tempfile.TemporaryDirectory(prefix="livecam-results-", ignore_cleanup_errors=True)
    except OSError as error:
        raise SinkError(
            f"No temporary folder can be made for results ({reason_of(error)}): name one that can "
            "be written with TMPDIR."
        ) from error


def write_result(folder: Path, result: Any) -> str:
    """In a worker: a file with a result; gives its path.

    Raises:
        SinkError: the folder takes nothing; the text says which one, and what to do.
    """
    path = folder / f"{os.getpid()}-{next(_NUMBERS)}"
    try:
        path.write_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise SinkError(
            f"its result could not be kept in {folder} ({reason_of(error)}): make room there, or "
            "name another folder for temporary files with TMPDIR."
        ) from error
    return str(path)


def take_result(path: str) -> Any:
    """In the program: the result of a file, which is removed.

    Raises:
        SinkError: it cannot be read.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SinkError(f"its result is gone ({file}: {reason_of(error)}).") from error
    with suppress(OSError):  # the folder goes at the end
        file.unlink()
    return pickle.loads(content)  # noqa: S301  (of our own process)


def remove_results(folder: Path) -> None:
    """In a worker whose program was killed: all that is left of them."""
    for _ in range(REMOVALS):
        if not folder.exists():
            break
        shutil.rmtree(folder, ignore_errors=True)
