"""The sound of a clip, as packets that go along with its pictures."""

from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from livecam.native.ffmpeg_url import file_url
from livecam.sinks.recording.container_format import Container
from livecam.sinks.recording.encoder import GLOBAL_HEADER, Nowhere


class Sound:
    """Packets of a clip's sound from a moment on: copied, or as AAC where that cannot be."""

    def __init__(
        self, path: Path, kind: Container, notify: Callable[[str], None], *, zero_s: float
    ) -> None:
        """Open the clip once more, for its sound.

        Args:
            path: the clip.
            kind: where the packets will go.
            notify: hears where it is damaged.
            zero_s: the clip's own time of its first frame; the times below count from there.

        Raises:
            ValueError: it has none.
            av.error.FFmpegError, OSError: it does not open.
        """
        self._path, self._notify = path, notify
        self._input = av.open(file_url(path))
        if not self._input.streams.audio:
            self._input.close()
            raise ValueError("it has no sound")
        self._source = self._input.streams.audio[0]
        self._zero_s = zero_s
        self._encoding: Any = None
        self.stream: Any = self._source
        if self._source.codec_context.name not in kind.sound_codecs:
            self._begin_encoding()
        self._begin_s: float | None = None
        self._packets = self._made()
        self._waiting: av.Packet[Any] | None = None

    def until(self, begin_s: float, end_s: float) -> "Iterator[av.Packet[Any]]":
        """The packets that sound before `end_s` and were not given yet.

        Args:
            begin_s: the clip's time at which the recording begins; time 0 of the packets.
            end_s: the clip's time.
        """
        self._begin_s = begin_s if self._begin_s is None else self._begin_s
        while True:
            packet = self._waiting or next(self._packets, None)
            self._waiting = None
            if packet is None:
                return
            base = packet.time_base or Fraction(1)
            at_s = float((packet.pts or 0) * base) - self._zero_s
            if at_s >= end_s:
                self._waiting = packet
                return
            if at_s < self._begin_s:
                continue
            stamp = round((at_s - self._begin_s) / base)
            packet.pts = packet.dts = stamp
            yield packet

    def close(self) -> None:
        """Close the clip, and let the encoder go."""
        self._packets.close()
        self._input.close()
        if self._encoding is not None:
            self._encoding.close()

    def _begin_encoding(self) -> None:
        rate = self._source.codec_context.sample_rate
        self._encoding = av.open(Nowhere(), "w", format="null")
        self.stream = self._encoding.add_stream("aac", rate=rate)
        self.stream.codec_context.flags |= GLOBAL_HEADER
        self.stream.codec_context.layout = "mono" if self._source.channels == 1 else "stereo"
        self._encoding.start_encoding()

    def _made(self) -> "Generator[av.Packet[Any], None, None]":
        try:
            if self._encoding is None:
                for packet in self._input.demux(self._source):
                    if packet.pts is not None:
                        yield packet
                return
            for frame in self._input.decode(self._source):
                yield from self.stream.encode(frame)
            yield from self.stream.encode(None)
        except av.error.FFmpegError as error:
            self._notify(f"the sound of {self._path} is damaged ({error.strerror}): it ends early")
