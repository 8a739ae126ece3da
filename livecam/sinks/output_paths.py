"""Names for files that keys make, and the rule that nothing is overwritten unasked."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from livecam.errors import SettingsError, SinkError

Now = Callable[[], datetime]


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise SettingsError where `path` exists and may not be overwritten, or has no folder."""
    try:
        is_folder, has_folder, exists = path.is_dir(), path.parent.is_dir(), path.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
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
    """A name with date and time that is still free, like livecam_2026-11-22_15-04-05.png."""
    return free_path(folder, f"livecam_{now:%Y-%m-%d_%H-%M-%S}", suffix)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """The name where it is free, else with _2, _3 ... before the suffix."""
    path, number = folder / (stem + suffix), 2
    while path.exists():
        path = folder / f"{stem}_{number}{suffix}"
        number += 1
    return path


def made_folder(folder: Path) -> Path:
    """The folder, made where it is missing.

    Raises:
        SinkError: it cannot be made.
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
    """Where the untouched picture goes."""
    return path.with_name(f"{path.stem}_clean{path.suffix}")


def figures_path(path: Path) -> Path:
    """Where the figures of a recording go."""
    return path.with_suffix(".jsonl")
