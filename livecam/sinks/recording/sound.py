"""The sound of a clip, as packets that accompany the recorded pictures."""

from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from livecam.native.ffmpeg_url import file_url
from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.encoder import GLOBAL_HEADER, NullOutput


class SoundReader:
    """Reads a clip's sound: packets are copied, or encoded as AAC where that cannot be."""

    def __init__(
        self,
        path: Path,
        container_format: ContainerFormat,
        notify: Callable[[str], None],
        *,
        zero_s: float,
    ) -> None:
        """Open the clip once more, for its sound.

        Args:
            path: the clip.
            container_format: of the file that the packets go into.
            notify: gets one line where the sound is damaged.
            zero_s: the clip's own time of its first frame; the times below count from there.

        Raises:
            ValueError: the clip has no sound.
            av.error.FFmpegError, OSError: it does not open.
        """
        self._path, self._notify = path, notify
        self._input = av.open(file_url(path))
        if not self._input.streams.audio:
            self._input.close()
            raise ValueError("it has no sound")
        self._source = self._input.streams.audio[0]
        self._zero_s = zero_s
        self._encoder: Any = None
        self.stream: Any = self._source
        if self._source.codec_context.name not in container_format.sound_codecs:
            self._open_encoder()
        self._begin_s: float | None = None
        self._packets = self._read_packets()
        self._next: av.Packet[Any] | None = None

    def packets_until(self, begin_s: float, end_s: float) -> "Iterator[av.Packet[Any]]":
        """The packets before `end_s` that were not given yet.

        Args:
            begin_s: the clip's time at which the recording begins; time 0 of the packets. Only
                that of the first call counts.
            end_s: the clip's time.
        """
        self._begin_s = begin_s if self._begin_s is None else self._begin_s
        while True:
            packet = self._next or next(self._packets, None)
            self._next = None
            if packet is None:
                return
            base = packet.time_base or Fraction(1)
            at_s = float((packet.pts or 0) * base) - self._zero_s
            if at_s >= end_s:
                self._next = packet
                return
            if at_s < self._begin_s:
                continue
            packet.pts = packet.dts = round((at_s - self._begin_s) / base)
            yield packet

    def close(self) -> None:
        """Close the clip and the encoder."""
        self._packets.close()
        self._input.close()
        if self._encoder is not None:
            self._encoder.close()

    def _open_encoder(self) -> None:
        rate = self._source.codec_context.sample_rate
        self._encoder = av.open(NullOutput(), "w", format="null")
        self.stream = self._encoder.add_stream("aac", rate=rate)
        self.stream.codec_context.flags |= GLOBAL_HEADER
        self.stream.codec_context.layout = "mono" if self._source.channels == 1 else "stereo"
        self._encoder.start_encoding()

    def _read_packets(self) -> "Generator[av.Packet[Any], None, None]":
        try:
            if self._encoder is None:
                for packet in self._input.demux(self._source):
                    if packet.pts is not None:
                        yield packet
                return
            for frame in self._input.decode(self._source):
                yield from self.stream.encode(frame)
            yield from self.stream.encode(None)
        except av.error.FFmpegError as error:
            self._notify(f"the sound of {self._path} is damaged ({error.strerror}): it ends early")
