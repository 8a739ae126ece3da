"""Folders of samples: one folder a class, as most collections of photographs are laid out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.core.teaching.samples import OTHER
from livecam.core.types import BgrImage
from livecam.errors import SourceError
from livecam.sources.files.listing import list_files
from livecam.sources.files.timed_pictures import first_picture, opens_as_clip


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """The pictures of a class.

    Attributes:
        class_name: the folder's name; "other" for the class of everything else.
        paths: its pictures and clips, in the order of their names; of a clip the first picture is
            taken.
    """

    class_name: str
    paths: tuple[Path, ...]


def class_folders(folder: Path) -> list[ClassFolder]:
    """The folders with pictures that lie in a folder, in the order of their names.

    Raises:
        SourceError: it cannot be listed, or no folder in it has a picture.
    """
    try:
        inner = sorted(entry for entry in folder.iterdir() if _is_class(entry))
        found = [ClassFolder(_class_name(one), _paths_in(one)) for one in inner]
    except OSError as error:
        raise SourceError(f"{folder} cannot be listed ({error.strerror or error}).") from error
    found = [one for one in found if one.paths]
    if not found:
        raise SourceError(
            f"{folder} has no folders with pictures: make one for each class, like "
            f"{folder / 'rose'} and {folder / 'tulip'}."
        )
    return found


def has_class_folders(folder: Path) -> bool:
    """Whether there are folders in a folder at all."""
    try:
        return any(_is_class(entry) for entry in folder.iterdir())
    except OSError:
        return False


def pictures_of(paths: Sequence[Path]) -> Iterator[tuple[Path, BgrImage | None]]:
    """Each file with its first picture; None where it has none to be read."""
    for path in paths:
        yield path, first_picture(path)


def _is_class(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith(".")


def _class_name(folder: Path) -> str:
    return OTHER if folder.name.casefold() == OTHER else folder.name


def _paths_in(folder: Path) -> tuple[Path, ...]:
    paths = list_files(str(folder), opens_as_clip).paths
    return tuple(path for path in paths if not path.name.startswith("."))
