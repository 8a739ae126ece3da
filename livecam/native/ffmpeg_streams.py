"""Which streams of a container FFmpeg reads at all."""

from typing import Any

_DISCARD_ALL = 48
"""FFmpeg's number."""


def read_nothing_else(container: Any, *streams: Any) -> None:
    """Let FFmpeg pass over all streams of an opened container but these.

    Of an HLS list with several variants it would fetch all of them, several times what is shown.
    """
    wanted = {stream.index for stream in streams}
    for other in container.streams:
        if other.index not in wanted:
            other.discard = _DISCARD_ALL
