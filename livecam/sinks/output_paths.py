"""Names of output files, and the rule that no file is overwritten without --force."""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from livecam.core.name_pattern import DATED_NAME, NamePattern
from livecam.errors import SettingsError, SinkError
from livecam.sinks.output_locks import OutputBusyError, OutputLock, lock_output

Now = Callable[[], datetime]
"""The wall clock."""


def refuse_existing(
    path: Path, *, force: bool, folder_is_made: bool = False, is_stream: bool = False
) -> None:
    """Check that a file can be created, or replaced where `force` allows that.

    Args:
        path: the file.
        force: whether it may exist.
        folder_is_made: whether its folder may be missing.
        is_stream: whether it is written from its beginning to its end: then it may be a named pipe
            or a device. Whatever else is written replaces the file of that name.

    Raises:
        SettingsError: it exists, its folder does not, or the name is impossible.
    """
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
        exists = os.path.lexists(path)  # a link to nothing is somebody's, too
    except OSError as error:  # a name that is too long, a folder without permission
        raise SettingsError(
            f"{str(path)[:200]} cannot be written ({error.strerror}): give another name."
        ) from error
    if is_folder:
        raise SettingsError(f"{path} is a folder: give the name of a file in it.")
    if not (has_folder or folder_is_made):
        raise SettingsError(f"the folder {path.parent} does not exist: make it first.")
    if not is_stream:
        refuse_special(path)
    if exists and not force:
        raise already_exists(path)


def already_exists(path: Path) -> SettingsError:
    """The error of a file that may not be replaced."""
    return SettingsError(f"{path} exists already: give another name, or --force.")


def refuse_special(path: Path, flag: str = "") -> None:
    """Raise SettingsError for a named pipe, a device or a socket, which `flag` cannot name."""
    if path.exists() and not path.is_file() and not path.is_dir():
        named = f"{flag} {path}" if flag else str(path)
        raise SettingsError(f"{named} is no ordinary file: give another name.")


def absolute(path: Path) -> Path:
    """The whole path; the path itself where the current folder is gone, and it depends on that."""
    try:
        return path.absolute()
    except OSError:
        return path


def is_same_file(path: Path, other: Path) -> bool:
    """Whether both names lead to one file that exists."""
    try:
        return path.samefile(other)
    except OSError:  # one of them is not there, or cannot be looked at
        return False


def dated_stem(now: datetime) -> str:
    """A name with date and time that all systems allow, like livecam_2026-11-22_15-04-05."""
    return NamePattern(DATED_NAME).at(now)


def numbered_stems(stem: str) -> Iterator[str]:
    """The name itself, then with _2, _3 ... behind it."""
    yield stem
    for number in itertools.count(2):
        yield f"{stem}_{number}"


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """This name where it is free, else with _2, _3 ... before the suffix."""
    paths = (folder / (name + suffix) for name in numbered_stems(stem))
    return next(path for path in paths if not os.path.lexists(path))


def create_free_files(folder: Path, stem: str, suffixes: Sequence[str]) -> list[BinaryIO]:
    """Create files that belong together under the first number at which all names are free.

    Each is created by the system's own "only if there is none" (O_EXCL): of two programs that try
    the same name, one gets it, and the other the next number.

    Returns:
        The files, open for writing, in the order of the suffixes.

    Raises:
        OSError: none can be created.
    """
    for name in numbered_stems(stem):
        with ExitStack() as undo:
            try:
                files = [_created(folder / (name + suffix), undo) for suffix in suffixes]
            except FileExistsError:
                continue
            undo.pop_all()
            return files
    raise AssertionError("numbers do not end")


def _created(path: Path, undo: ExitStack) -> BinaryIO:
    file = path.open("xb")
    undo.callback(path.unlink, missing_ok=True)
    undo.callback(file.close)
    return file


def reserve_free_name(
    folder: Path, stem: str, suffix: str, belonging: Callable[[Path], Sequence[Path]]
) -> OutputLock:
    """Lock the first number at which a name, and all names that belong to it, are free.

    The file is not created yet: a recording that is killed at once leaves none that is empty.

    Args:
        folder: exists.
        stem: the name without a number.
        suffix: of the file.
        belonging: all files that are written together with the one of this name, itself included.
    """
    for name in numbered_stems(stem):
        path = folder / (name + suffix)
        if any(map(os.path.lexists, belonging(path))):
            continue
        try:
            lock = lock_output(path)
        except OutputBusyError:
            continue
        if not (lock.is_foreign or any(map(os.path.lexists, belonging(path)))):
            return lock
        lock.release()  # whoever had it has written the file meanwhile
    raise AssertionError("numbers do not end")


def made_folder(folder: Path, flag: str = "--snapshots") -> Path:
    """The folder, created where it is missing; `flag` names the setting that asked for it.

    Raises:
        SinkError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SinkError(
            f"the folder {folder} cannot be made ({error.strerror}): give another one with {flag}."
        ) from error
    return folder


def clean_path(path: Path) -> Path:
    """The video of the untouched pictures beside the recording `path`."""
    return path.with_name(f"{path.stem}_clean{path.suffix}")


def stats_path(path: Path) -> Path:
    """The figures of the frames beside the recording `path`."""
    return path.with_suffix(".jsonl")
