"""What has the name of a file and is none: a pipe, a socket or a device may be waited for."""

import stat
from collections.abc import Callable
from pathlib import Path

from livecam.core.protocols import FromFiles

_PIPE = "a named pipe"
_SPECIAL_FILES: dict[Callable[[int], bool], str] = {
    stat.S_ISFIFO: _PIPE,
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def special_kind(mode: int) -> str:
    """What a path of this mode is instead of a file or folder, in words; else ""."""
    return next((words for is_it, words in _SPECIAL_FILES.items() if is_it(mode)), "")


def special_kind_of(path: Path) -> str:
    """The same for a path; "" also where nothing is known of it."""
    try:
        return special_kind(path.stat().st_mode)
    except (OSError, ValueError):
        return ""


def is_pipe(path: Path) -> bool:
    """Whether what somebody writes into it can be read once."""
    return special_kind_of(path) == _PIPE


def no_source(path: Path) -> str:
    """Why a path cannot be opened as a clip, in words; "" where it may be: pipes and disks, too."""
    kind = special_kind_of(path)
    return "" if kind == _PIPE or path.is_block_device() else kind


def announce_wait(source: object, say: Callable[[str], None]) -> None:
    """Say what opening a source, which comes next, may wait for without end; call it before."""
    paths = source.paths if isinstance(source, FromFiles) else ()
    pipe = next(filter(is_pipe, paths), None)
    if pipe is not None:
        say(f"{pipe} is a pipe: waiting for what is written into it ...")
