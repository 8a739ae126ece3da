"""What a recording's file says where it fails: how much of it is safe, and where."""

from pathlib import Path

from livecam.core.formatting import reason_of
from livecam.errors import SinkError


class FileMissingError(Exception):
    """A file was removed, moved or replaced while it was written."""


def open_failure(path: Path, error: BaseException) -> SinkError:
    """The error of a recording of which nothing was written."""
    return SinkError(
        f"the recording {path} did not open ({reason_of(error)}): choose another place for it."
    )


def not_rescued(path: Path, reason: str) -> SinkError:
    """The error of a file that was deleted, and no other place took a copy."""
    return SinkError(
        f"the recording {path} was taken away while it was written and is lost: no "
        f"other place took it ({reason})."
    )


def taken_away(path: Path, safe_s: float, rescued: Path | None) -> SinkError:
    """The error of a file that was moved, or deleted and copied to `rescued`."""
    saved = f"was saved as {rescued}" if rescued else "is whole, wherever it was moved to"
    return SinkError(
        f"the recording {path} was taken away while it was written: what there was, "
        f"{safe_s:.1f} s, {saved}."
    )


def broken_off(path: Path, safe_s: float, error: BaseException) -> SinkError:
    """The error of a file that could not be written to its end."""
    return SinkError(
        f"the recording {path} broke off at {safe_s:.1f} s ({reason_of(error)}): "
        "what was recorded until then is kept."
    )
