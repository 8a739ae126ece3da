"""Where weights and exports are kept: folders of the user's own, or a private temporary one.

Whoever could write there would choose the network that runs, so nothing is taken from a folder
that belongs to somebody else or that others can write to.
"""

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

from livecam.errors import ModelError
from livecam.settings.file_ownership import foreign_place, ownership_is_known

PRIVATE = 0o700


def home() -> Path | None:
    """The user's home folder; None where there is none: unset and unknown, a file, or gone."""
    try:
        found = Path(os.environ["HOME"] if os.environ.get("HOME") else _registered_home())
    except (KeyError, RuntimeError):
        return None
    return found if found.is_absolute() and found.is_dir() else None


def _registered_home() -> str:
    """The home that the system has for this user.

    Raises:
        KeyError: it has none.
        RuntimeError: the same, on Windows.
    """
    if os.name == "nt":
        return str(Path.home())
    import pwd

    return pwd.getpwuid(os.getuid()).pw_dir


def keras_home() -> Path | None:
    """Keras's folder: $KERAS_HOME or ~/.keras, by Keras's own rule; None without a home."""
    given, own = os.environ.get("KERAS_HOME"), home()
    if given:
        return Path(given)
    return None if own is None else own / ".keras"


def livecam_cache() -> Path | None:
    """livecam's own cache: $LIVECAM_CACHE, else where the system keeps caches; None without."""
    given = os.environ.get("LIVECAM_CACHE")
    if given:
        return Path(given)
    if home() is None and not os.environ.get("XDG_CACHE_HOME"):
        return None
    try:
        folder = platformdirs.user_cache_path("livecam", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def place_in(folder: Path | None, name: str) -> Path:
    """Where a file or folder of a cache is, or would be made: in the folder, if that can be used.

    Args:
        folder: of the cache; None where there is none.
        name: relative to it.

    Returns:
        The place in the folder if it is there already or could be made; else that in a private
        temporary folder.
    """
    if folder is not None:
        place = folder / name
        with suppress(OSError):  # a folder that may not be entered: somebody else's home
            if place.exists() or (can_be_written(folder) and can_be_written(place.parent)):
                return place
    return private_folder() / name


def can_be_written(folder: Path) -> bool:
    """Whether something can be made in this folder, which may be missing itself."""
    for nearest in (folder, *folder.parents):
        try:
            if nearest.exists():
                # Permissions alone do not tell: of a read-only disk, or to root.
                os.rmdir(tempfile.mkdtemp(prefix=".livecam-", dir=nearest))  # noqa: PTH106
                return True
        except OSError:
            return False
    return False


@cache
def private_folder() -> Path:
    """A temporary folder that this user alone can use; it stays until the system empties it.

    Raises:
        ModelError: there is no place for temporary files.
    """
    try:
        if ownership_is_known():
            path = Path(tempfile.gettempdir()) / f"livecam-{os.geteuid()}"
            with suppress(FileExistsError):
                path.mkdir(PRIVATE)
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode) and _is_private(found):
                return path
        # Somebody else has taken the name.
        path = Path(tempfile.mkdtemp(prefix="livecam-"))
    except OSError as error:
        raise ModelError(
            f"there is no folder for models: no home, and no temporary one ({error.strerror}). Set "
            "LIVECAM_CACHE and KERAS_HOME to folders of your own."
        ) from error
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & ~PRIVATE


def is_private_place(path: Path) -> bool:
    """Whether it lies in the private temporary folder."""
    return private_folder.cache_info().currsize > 0 and path.is_relative_to(private_folder())


def report_private_place(path: Path, say: Callable[[str], None]) -> None:
    """Say that models are kept for a while only, if this one is."""
    if is_private_place(path):
        say(
            f"there is no home folder that can be written: models are kept in {private_folder()}, "
            "until the system empties it"
        )


def check_is_own(variable: str, *places: Path) -> None:
    """Refuse files and folders of a cache that somebody else may have written.

    Args:
        variable: the environment variable that names another folder.
        places: those to examine; missing ones are left out.

    Raises:
        ModelError: one of them belongs to another user, or others can write to it.
    """
    found = foreign_place(*places)
    if found:
        raise ModelError(
            f"a model of a folder that others may have written is not used ({found}): change "
            f"that, or set {variable} to a folder of your own."
        )


def make_own_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing, for this user alone.

    Raises:
        OSError: it cannot be made.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(PRIVATE, exist_ok=True)


def make_own_file(path: Path) -> None:
    """Take from others the right to write to this file, whatever the umask gave them.

    Raises:
        OSError: this cannot be changed.
    """
    path.chmod(stat.S_IMODE(path.stat().st_mode) & ~(stat.S_IWGRP | stat.S_IWOTH))
