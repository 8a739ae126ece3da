"""Names of output files, and the rule that no file is overwritten without --force."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from livecam.errors import SettingsError, SinkError

Now = Callable[[], datetime]
"""The wall clock."""


def refuse_existing(path: Path, *, force: bool) -> None:
    """Check that a file can be created, or replaced where `force` allows that.

    Raises:
        SettingsError: it exists, its folder does not, or the name is impossible.
    """
    try:
        is_folder, has_folder, exists = path.is_dir(), path.parent.is_dir(), path.exists()
    except OSError as error:  # a name that is too long, a folder without permission
        raise SettingsError(
            f"{str(path)[:200]} cannot be written ({error.strerror}): give another name."
        ) from error
    if is_folder:
        raise SettingsError(f"{path} is a folder: give the name of a file in it.")
    if not has_folder:
        raise SettingsError(f"the folder {path.parent} does not exist: make it first.")
    if exists and not force:
        raise SettingsError(f"{path} exists already: give another name, or --force.")


def dated_path(folder: Path, now: datetime, suffix: str) -> Path:
    """A free name with date and time, like livecam_2026-11-22_15-04-05.png."""
    return free_path(folder, f"livecam_{now:%Y-%m-%d_%H-%M-%S}", suffix)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """This name where it is free, else with _2, _3 ... before the suffix."""
    path, number = folder / (stem + suffix), 2
    while path.exists():
        path = folder / f"{stem}_{number}{suffix}"
        number += 1
    return path


def made_folder(folder: Path) -> Path:
    """The folder, created where it is missing.

    Raises:
        SinkError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SinkError(
            f"the folder {folder} cannot be made ({error.strerror}): give another one with "
            "--snapshots."
        ) from error
    return folder


def clean_path(path: Path) -> Path:
    """The video of the untouched pictures beside the recording `path`."""
    return path.with_name(f"{path.stem}_clean{path.suffix}")


def stats_path(path: Path) -> Path:
    """The figures of the frames beside the recording `path`."""
    return path.with_suffix(".jsonl")
