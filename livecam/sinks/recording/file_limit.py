"""The largest size of a file: that of its file system (4 GB on FAT32), or of `ulimit -f`."""

import errno

_WINDOWS_TOO_LARGE = 223  # ERROR_FILE_TOO_LARGE


def is_file_limit(error: BaseException) -> bool:
    """Whether a file could not be written because it would be too large."""
    cause = error.__cause__ or error
    if not isinstance(cause, OSError):
        return False
    return cause.errno == errno.EFBIG or getattr(cause, "winerror", None) == _WINDOWS_TOO_LARGE
