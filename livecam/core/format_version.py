"""Versions of the formats that are written here, and what is said of a later one."""

from typing import Any


def later_format(what: str, found: Any, known: int) -> str:
    """Why something cannot be used: a newer livecam wrote it; "" where this one reads its format.

    Args:
        what: the file or folder, for the user.
        found: what it says of its version; anything but a whole number says nothing.
        known: the latest version that this livecam reads.
    """
    if type(found) is not int or found <= known:
        return ""
    return (
        f"{what} was written by a newer livecam (version {found} of its format, this one reads up "
        f"to {known}): install a newer livecam."
    )
