"""Which streams of a container FFmpeg reads at all."""

from typing import Any

_DISCARD_ALL = 48
"""FFmpeg's number."""


def read_nothing_else(container: Any, stream: Any) -> None:
    """Let FFmpeg pass over all streams of an opened container but one.

    Of an HLS list with several variants it would fetch all of them, several times what is shown.
    """
    for other in container.streams:
        if other.index != stream.index:
            other.discard = _DISCARD_ALL
