"""Reads the packets of one stream, and notes how far the whole file reaches."""

from collections.abc import Iterator
from typing import Any

import av
from av.container.input import InputContainer
from av.video.stream import VideoStream


class PacketReader:
    """The packets of one stream of an opened container, once.

    Attributes:
        is_index_damaged: the container could not be read to its end.
        broken_by: what the disk or the network failed with.
        until_s: the container's time up to which any of its streams reaches.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        """Nothing is read yet."""
        self._container, self._stream = container, stream
        # A cover belongs to no time.
        covers = {s.index for s in container.streams.video if s is not stream and _is_cover(s)}
        self._timed = [s for s in container.streams if s.index not in covers]
        self.is_index_damaged = False
        self.broken_by: av.error.FFmpegError | None = None
        self.until_s = 0.0

    def packets(self) -> Iterator["av.Packet[Any]"]:
        """Each packet; after the last one the attributes say how it ended."""
        index = self._stream.index
        try:
            for packet in self._container.demux(self._timed):
                if not packet.size:  # an empty one only says that the end is reached
                    continue
                start = packet.pts if packet.pts is not None else packet.dts
                if start is not None and packet.time_base:
                    end_s = float((start + (packet.duration or 0)) * packet.time_base)
                    self.until_s = max(self.until_s, end_s)
                if packet.stream_index == index:
                    yield packet
        except av.error.InvalidDataError:
            self.is_index_damaged = True
        except av.error.FFmpegError as error:
            self.broken_by = error


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
