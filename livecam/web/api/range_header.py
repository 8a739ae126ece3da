"""The Range header of a request as RFC 9110 (14.1 to 14.2) reads it."""

import re

_RANGE = re.compile(r"(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<length>[0-9]{1,18})")


class NoSuchRangeError(Exception):
    """The file has none of the bytes that are wanted."""


def satisfiable_ranges(header: str, size_bytes: int) -> str:
    """Those ranges of the header that the file has bytes of, in the same notation.

    Returns:
        "" where the header is to be ignored: another unit, or no valid ranges.

    Raises:
        NoSuchRangeError: all ranges lie behind the end of the file.
    """
    unit, _, rest = header.partition("=")
    parts = [part.strip(" \t") for part in rest.split(",")]
    ranges = [_RANGE.fullmatch(part) for part in parts if part]
    is_valid = bool(ranges) and all(each is not None and _is_valid(each) for each in ranges)
    if unit.strip().lower() != "bytes" or not is_valid:
        return ""
    kept = [each[0] for each in ranges if each is not None and _is_there(each, size_bytes)]
    if not kept:
        raise NoSuchRangeError
    return "bytes=" + ",".join(kept)


def _is_valid(part: re.Match[str]) -> bool:
    return not part["last"] or int(part["first"]) <= int(part["last"])


def _is_there(part: re.Match[str], size_bytes: int) -> bool:
    """Whether the file has a byte of the range."""
    if part["length"]:
        return size_bytes > 0 and int(part["length"]) > 0
    return int(part["first"]) < size_bytes
