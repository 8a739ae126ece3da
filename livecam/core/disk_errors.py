"""What the number of a system error says of a disk: it is full, or a file may grow no further."""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_WINDOWS_TOO_LARGE = 223  # ERROR_FILE_TOO_LARGE


def is_disk_full(error: BaseException) -> bool:
    """Whether nothing more could be written: no room is left, for anybody or for this user."""
    return isinstance(error, OSError) and error.errno in _FULL


def is_file_limit(error: BaseException) -> bool:
    """Whether a file could not be written because it would be too large.

    The largest size is that of its file system (4 GB on FAT32), or of `ulimit -f`.
    """
    cause = error.__cause__ or error
    if not isinstance(cause, OSError):
        return False
    return cause.errno == errno.EFBIG or getattr(cause, "winerror", None) == _WINDOWS_TOO_LARGE
