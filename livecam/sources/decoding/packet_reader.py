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
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, *, notes_all_streams: bool
    ) -> None:
        """Nothing is read yet.

        Args:
            container: opened.
            stream: whose packets are wanted.
            notes_all_streams: whether `until_s` is wanted; that takes some time.
        """
        self._container, self._stream = container, stream
        # A cover belongs to no time.
        covers = {s.index for s in container.streams.video if s is not stream and _is_cover(s)}
        self._timed = [s for s in container.streams if s.index not in covers]
        self._notes_all_streams = notes_all_streams
        self._until = {s.index: 0 for s in self._timed}  # in the stream's own units
        self.is_index_damaged = False
        self.broken_by: av.error.FFmpegError | None = None

    @property
    def until_s(self) -> float:
        """The container's time up to which any of its streams was read."""
        return max(float(self._until[s.index] * (s.time_base or 0)) for s in self._timed)

    def packets(self) -> Iterator["av.Packet[Any]"]:
        """Each packet; after the last one the attributes say how it ended."""
        wanted = self._timed if self._notes_all_streams else [self._stream]
        try:
            for packet in self._container.demux(wanted):
                if not packet.size:  # an empty one only says that the end is reached
                    continue
                if self._notes_all_streams:
                    self._note_end(packet)
                if packet.stream_index == self._stream.index:
                    yield packet
        except av.error.InvalidDataError:
            self.is_index_damaged = True
        except av.error.FFmpegError as error:
            self.broken_by = error

    def _note_end(self, packet: "av.Packet[Any]") -> None:
        start = packet.pts if packet.pts is not None else packet.dts
        index = packet.stream_index
        if start is not None and index in self._until:
            self._until[index] = max(self._until[index], start + (packet.duration or 0))


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
