"""Whether a file or folder is the user's own, or somebody else may have put there what it holds.

Root counts as the user: it can write everywhere anyway. What is not known, and then not refused:
on Windows everything, because `os.stat` gives neither owners nor access lists there; on macOS
access lists.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

ROOT = 0


def ownership_is_known() -> bool:
    """Whether this system says who owns a file and who can write to it."""
    return hasattr(os, "geteuid")


def ownership_problem(place: Path | int) -> str:
    """Why somebody else may have written this file, or a file in this folder; "" if nobody can.

    Args:
        place: a path, whose links are followed, or a descriptor of the opened file.

    Raises:
        OSError: it cannot be examined.
    """
    found = os.stat(place)  # noqa: PTH116  (of a descriptor, too)
    if not ownership_is_known():
        return ""
    if found.st_uid not in _own_uids():
        return f"it belongs to another user ({_user_name(found.st_uid)})"
    if found.st_mode & stat.S_IWOTH:
        return "everybody can write to it"
    if found.st_mode & stat.S_IWGRP and not _is_own_group(found.st_gid):
        return f"its group ({_group_name(found.st_gid)}) can write to it"
    if found.st_mode & stat.S_IWGRP and _has_access_list(place):
        return "its access list lets others write to it"
    return ""


def foreign_place(*places: Path) -> str:
    """The first of these files and folders that is not the user's own, and why; "" for none.

    Those that do not exist are left out.

    Raises:
        OSError: one cannot be examined.
    """
    for place in places:
        with suppress(FileNotFoundError, NotADirectoryError):
            problem = ownership_problem(place)
            if problem:
                return f"{place.absolute()}: {problem}"
    return ""


def _own_uids() -> set[int]:
    own = {os.geteuid(), ROOT}
    # `sudo livecam` in the user's own folder.
    if os.geteuid() == ROOT and os.environ.get("SUDO_UID", "").isdecimal():
        own.add(int(os.environ["SUDO_UID"]))
    return own


def _is_own_group(gid: int) -> bool:
    """Whether the group holds the user alone: many systems give each user such a group.

    Files are then made writable for the group.
    """
    import grp

    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return False
    users = {_user_name(uid) for uid in _own_uids()}
    return group.gr_name in users and set(group.gr_mem) <= users


def _has_access_list(place: Path | int) -> bool:
    """Whether an access list (Linux) may name more users than owner and group."""
    listed = getattr(os, "listxattr", None)
    if listed is None:
        return False
    try:
        return "system.posix_acl_access" in listed(place)
    except OSError:  # the file system has none
        return False


def _user_name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _group_name(gid: int) -> str:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return f"number {gid}"
