"""Finds JPEGs in a flow of bytes by their own markers, whatever stands between them."""

import re

from livecam.core.input_limits import TooLargeError

START = b"\xff\xd8\xff"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A marker; in compressed data FF is followed by 00, or by the number of a restart."""

_START_CODE, _END_CODE, _WITHOUT_LENGTH = 0xD8, 0xD9, frozenset({0x01})


class JpegSplitter:
    """Takes bytes as they come and gives whole JPEGs.

    Segments are skipped by their length, so that a thumbnail inside of one ends no picture. One
    that is followed by the next before it has ended is given as far as it came.
    """

    def __init__(self, most_bytes: int) -> None:
        """Nothing was fed yet; a JPEG of more bytes is refused."""
        self._most_bytes = most_bytes
        self._bytes = bytearray()
        self._at = 0  # everything before it has been looked at; 0 before the start of a JPEG

    @property
    def has_begun(self) -> bool:
        """Whether a JPEG has begun, and not ended yet."""
        return self._at > 0

    def feed(self, received: bytes) -> None:
        """Add what came next."""
        self._bytes += received

    def next(self) -> bytes | None:
        """The next JPEG; None where more bytes are needed.

        Raises:
            TooLargeError: it is larger than it may be.
        """
        if not self._at and not self._find_start():
            return None
        while (marker := _MARKER.search(self._bytes, self._at)) is not None:
            code = marker[0][1]
            if code == _END_CODE:
                return self._cut(marker.end())
            if code == _START_CODE:
                return self._cut(marker.start())
            if code in _WITHOUT_LENGTH:
                self._at = marker.end()
                continue
            length = self._bytes[marker.end() : marker.end() + 2]
            if len(length) < 2:
                self._at = marker.start()
                break
            self._at = marker.end() + int.from_bytes(length)
        else:
            # The last byte may be the first half of a marker; a segment may end further on.
            self._at = max(self._at, len(self._bytes) - 1)
        if len(self._bytes) > self._most_bytes:
            raise TooLargeError(
                f"does not end within {self._most_bytes / 1e6:g} MB (--max-part-mb)"
            )
        return None

    def _find_start(self) -> bool:
        """Drop what stands before the next JPEG; whether there is one."""
        start = self._bytes.find(START)
        if start < 0:
            del self._bytes[: max(0, len(self._bytes) - len(START) + 1)]
            return False
        del self._bytes[:start]
        self._at = 2
        return True

    def _cut(self, end: int) -> bytes:
        jpeg = bytes(self._bytes[:end])
        del self._bytes[:end]
        self._at = 0
        return jpeg
