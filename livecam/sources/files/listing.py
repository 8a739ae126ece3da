"""Finds the pictures and clips that a path, a folder or a glob means, and what is passed over."""

import glob
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from livecam.core.formatting import counted
from livecam.core.printable_text import quoted
from livecam.core.redaction import without_credentials
from livecam.sources.files.format import (
    CLIP_SUFFIXES,
    PICTURE_SUFFIXES,
    format_of,
    is_picture_format,
    is_text,
    read_head,
)
from livecam.sources.files.special_files import special_kind, special_kind_of

GLOB_SIGNS = "*?["
_NAMED_KINDS = 4
_LISTED_FOLDERS = 200
"""So many subfolders are looked into for a message."""

_OF_THE_SYSTEM = frozenset({".directory", ".ds_store", "desktop.ini", "ehthumbs.db", "thumbs.db"})
"""Kept by file managers in every folder that they show."""


@dataclass(frozen=True, slots=True)
class FileListing:
    """What a path, a folder or a glob means.

    Attributes:
        paths: pictures and clips, in the order of their names.
        passed_over: what else there is, by kind: (".txt", 3).
        folders: folders that were not looked into.
        unusable: what cannot be read whatever it is, each with a few words about it. A picture or
            clip that is locked is among `paths`, too: without it the source is not whole.
    """

    paths: tuple[Path, ...]
    passed_over: tuple[tuple[str, int], ...] = ()
    folders: tuple[Path, ...] = ()
    unusable: tuple[tuple[Path, str], ...] = ()


def list_files(pattern: str, opens_as_clip: Callable[[Path], bool]) -> FileListing:
    """The files that a path, folder or glob means; a path itself always counts.

    Args:
        pattern: the path of a file or a folder, or a glob.
        opens_as_clip: tells of a file of unknown kind whether it is a clip.

    Raises:
        OSError: a folder cannot be listed.
    """
    path = Path(pattern)
    if path.is_file():
        return FileListing((path,))
    if path.is_dir():
        return _sorted_out(path.iterdir(), opens_as_clip)
    from livecam.sources.files.recursive_glob import recursive_glob

    found = map(Path, recursive_glob(pattern))
    listing = _sorted_out(found, opens_as_clip)
    # A glob with ** goes down into them itself.
    return replace(listing, folders=()) if "**" in pattern else listing


def root_of(pattern: str) -> Path:
    """The folder that the files of a path, folder or glob lie in or below."""
    path = Path(pattern)
    if path.is_dir():
        return path
    if path.is_file():
        return path.parent
    fixed = list(itertools.takewhile(lambda part: not set(part) & set(GLOB_SIGNS), path.parts))
    return Path(*fixed[: len(path.parts) - 1])


def title_of(pattern: str) -> str:
    """What the user calls it: the name of a file or folder; a glob as typed, from its folder on.

    Folders above that are left out: viewers of the page need not know them.
    """
    path = Path(pattern)
    if path.exists() or not set(pattern) & set(GLOB_SIGNS):
        return path.name or pattern
    above = max(0, len(root_of(pattern).parts) - 1)
    return str(Path(*path.parts[above:]))


def describe_passed_over(listing: FileListing, pattern: str) -> str:
    """What was passed over and why, with a way out, for the user; "" where nothing was."""
    parts = []
    if listing.passed_over:
        kinds = [f"{number} {kind}" for kind, number in listing.passed_over[:_NAMED_KINDS]]
        more = sum(number for _, number in listing.passed_over[_NAMED_KINDS:])
        kinds += [counted(more, "other")] if more else []
        parts.append(
            f"{', '.join(kinds)} (no picture and no clip: name one alone to learn what is wrong)"
        )
    if listing.unusable:
        parts.append(_name_unusable(listing))
    if listing.folders:
        deeper = _deeper(pattern)
        parts.append(
            f"{counted(len(listing.folders), 'folder')} ({quoted(deeper)} takes their files)"
        )
    return f"passed over: {'; '.join(parts)}" if parts else ""


def describe_nothing_found(pattern: str, listing: FileListing) -> str:
    """Why there is no picture and no clip, and where there is one, for the user."""
    path, shown = Path(pattern), without_credentials(pattern)
    if path.is_dir():
        return _describe_empty_folder(path, listing)
    special = special_kind_of(path)
    if special:
        return f"{shown} is {special}, which cannot be read: give a clip, a picture or a folder."
    if not any(sign in pattern for sign in GLOB_SIGNS):
        return f"there is no file or folder {quoted(shown)}: check the name."
    if listing.passed_over or listing.folders or listing.unusable:
        way_out = (
            f"{quoted(_deeper(pattern))} takes the files" if listing.folders else "check the name"
        )
        return (
            f"no picture or clip matches {quoted(shown)}, but {_count_kinds(listing)}: {way_out}."
        )
    return f"no picture or clip matches {quoted(shown)}{_what_lies_there(pattern)}: check the name."


def _sorted_out(found: Iterable[Path], opens_as_clip: Callable[[Path], bool]) -> FileListing:
    taken: list[Path] = []
    folders: list[Path] = []
    passed_over: Counter[str] = Counter()
    unusable: list[tuple[Path, str]] = []
    for path in sorted(found):
        if path.is_dir():
            folders.append(path)
            continue
        problem = _problem(path)
        if problem:
            unusable.append((path, problem))
        if problem and not (problem == _LOCKED and _is_named_as_picture_or_clip(path)):
            continue
        if _is_of_the_system(path):
            continue
        if _is_picture_or_clip(path, opens_as_clip):
            taken.append(path)
        else:
            passed_over[path.suffix or "without an ending"] += 1
    return FileListing(
        tuple(taken), tuple(passed_over.most_common()), tuple(folders), tuple(unusable)
    )


def _problem(path: Path) -> str:
    """Why a path cannot be read, whatever it is named; "" where it is a file that can be."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return "a link to nothing" if path.is_symlink() else (error.strerror or "not there").lower()
    special = special_kind(mode)
    if special:
        return special
    return "" if os.access(path, os.R_OK) else _LOCKED


_LOCKED = "no permission to read it"


def _name_unusable(listing: FileListing) -> str:
    named = [f"{path.name} ({words})" for path, words in listing.unusable[:_NAMED_KINDS]]
    more = len(listing.unusable) - len(named)
    return ", ".join([*named, *([f"{more} more that cannot be read"] if more else [])])


def _is_of_the_system(path: Path) -> bool:
    """Whether file managers and macOS made it: no part of what the folder is for."""
    if path.name.casefold() in _OF_THE_SYSTEM:
        return True
    return path.name.startswith("._") and not is_picture_format(format_of(read_head(path)))


def _is_named_as_picture_or_clip(path: Path) -> bool:
    return path.suffix.casefold() in PICTURE_SUFFIXES | CLIP_SUFFIXES


def _is_picture_or_clip(path: Path, opens_as_clip: Callable[[Path], bool]) -> bool:
    if _is_named_as_picture_or_clip(path):
        return True
    head = read_head(path)
    if not head or is_text(head):
        return False
    found = format_of(head, path.suffix)
    return found == "clip" or is_picture_format(found) or opens_as_clip(path)


def _describe_empty_folder(folder: Path, listing: FileListing) -> str:
    text = f"the folder {folder} has no picture (.jpg, .png, .heic, .webp ...) and no clip"
    counts = {path.name: _count_by_name(path) for path in listing.folders[:_LISTED_FOLDERS]}
    filled = {name: number for name, number in counts.items() if number}
    if filled:
        named = ", ".join(f"{name} ({number})" for name, number in list(filled.items())[:3])
        more = f" and {len(filled) - 3} more" if len(filled) > 3 else ""
        return (
            f"{text} of its own, but its folders have: {named}{more}. "
            f"Name one of them, or all with {quoted(_deeper(str(folder)))} in quotes."
        )
    if listing.folders:
        deeper = quoted(_deeper(str(folder)))
        return f"{text} of its own: {deeper} in quotes takes those of its folders."
    others = listing.passed_over or listing.unusable
    return f"{text}{f', but {_count_kinds(listing)}' if others else ''}."


def _count_by_name(folder: Path) -> int:
    """How many files of a folder are named as pictures and clips are; 0 where it is closed."""
    try:
        with os.scandir(folder) as entries:
            return sum(
                Path(entry.name).suffix.casefold() in PICTURE_SUFFIXES | CLIP_SUFFIXES
                and not entry.name.startswith("._")
                for entry in entries
            )
    except OSError:
        return 0


def _what_lies_there(pattern: str) -> str:
    """The kinds of files in the folder that a glob looks into; "" where it names none."""
    folder = Path(pattern).parent
    if any(sign in str(folder) for sign in GLOB_SIGNS):
        return ""
    if not folder.is_dir():
        return f" (there is no folder {without_credentials(str(folder))})"
    kinds = Counter(path.suffix for path in folder.iterdir() if path.suffix and path.is_file())
    named = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common(_NAMED_KINDS))
    return f" (there are {named})" if named else ""


def _count_kinds(listing: FileListing) -> str:
    kinds = [f"{number} {kind}" for kind, number in listing.passed_over[:_NAMED_KINDS]]
    kinds += [counted(len(listing.folders), "folder")] if listing.folders else []
    kinds += [_name_unusable(listing)] if listing.unusable else []
    return ", ".join(kinds)


def _deeper(pattern: str) -> str:
    """The glob for everything below a folder, or below what a glob means."""
    path = Path(pattern)
    folder = path if path.is_dir() else path.parent
    return str(Path(glob.escape(str(folder))) / "**" / "*")
