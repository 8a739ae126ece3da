"""The number of frames of a Matroska file that says nothing of its length: it was cut off."""

from contextlib import suppress
from pathlib import Path

import av

from livecam.native.ffmpeg_url import file_url
from livecam.sources.decoding.frame_times import has_timestamps

MAX_COUNTED_BYTES = 2_000_000_000
"""Of a larger file they are not counted: that takes about a second a gigabyte."""


def counted_frames(path: Path, stream_index: int) -> int | None:
    """The frames of a file, counted without decoding; None where that would take too long.

    A recording that was killed, and those that browsers make, have neither index nor duration.

    Args:
        path: a file that can be opened once more.
        stream_index: of its video.
    """
    with suppress(av.error.FFmpegError, OSError, ValueError):
        if path.stat().st_size > MAX_COUNTED_BYTES:
            return None
        with av.open(file_url(path)) as container:
            if "matroska" not in container.format.name or not has_timestamps(container):
                return None
            return _whole_packets(container, container.streams[stream_index])
    return None


def _whole_packets(container: "av.container.InputContainer", stream: "av.stream.Stream") -> int:
    count = 0
    with suppress(av.error.InvalidDataError):  # the end of what can be read
        for packet in container.demux(stream):
            count += bool(packet.size) and not packet.is_corrupt
    return count
