"""The sound of a clip, as packets that accompany the recorded pictures."""

import re
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from livecam.core.redaction import without_credentials
from livecam.native.ffmpeg_streams import read_nothing_else
from livecam.native.ffmpeg_url import file_url
from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.sound_encoder import PlacedPacket, SoundEncoder
from livecam.sinks.recording.sound_timeline import SoundTimeline
from livecam.sinks.recording.timestamps import Timeline

NETWORK_TIMEOUT_S = 10.0
"""A sender that gives nothing for so long gives no more sound."""

_NEAR_S = 0.1  # what a container says of its end and the end itself may differ

Piece = tuple[Any, float | None, float]
"""A packet or a decoded frame, its own time and its duration in seconds."""


def sound_title(path: Path | str) -> str:
    """A clip's name as it may be shown."""
    return str(path) if isinstance(path, Path) else without_credentials(path)


class SoundReader:
    """Reads a clip's sound: packets are copied, or encoded as AAC where that cannot be."""

    def __init__(
        self,
        path: Path | str,
        container_format: ContainerFormat,
        notify: Callable[[str], None],
        *,
        zero_s: float,
    ) -> None:
        """Open the clip once more, for its sound.

        Args:
            path: the clip, or its address.
            container_format: of the file that the packets go into.
            notify: gets one line where the sound is damaged.
            zero_s: the clip's own time of its first frame; the times below count from there.

        Raises:
            ValueError: the clip has no sound.
            av.error.FFmpegError, OSError: it does not open.
        """
        self._title, self._notify = sound_title(path), notify
        if isinstance(path, Path):
            self._input = av.open(file_url(path))
        else:
            self._input = av.open(path, timeout=NETWORK_TIMEOUT_S)
        if not self._input.streams.audio:
            self._input.close()
            raise ValueError("it has no sound")
        self._source = self._input.streams.audio[0]
        if self._input.format.name == "hls":
            read_nothing_else(self._input, self._source)
        self._zero_s = zero_s
        self._encoder: SoundEncoder | None = None
        if self._source.codec_context.name not in container_format.sound_codecs:
            rate = self._source.codec_context.sample_rate
            self._encoder = SoundEncoder(rate, self._source.channels)
        self.stream: Any = self._encoder.stream if self._encoder is not None else self._source
        self._begin_s: float | None = None
        self._until_s = 0.0
        self._timeline = SoundTimeline(
            float(self._source.time_base or 0), exact=self._encoder is not None
        )
        self._damaged = 0
        self._packets = self._read_packets()
        self._next: PlacedPacket | None = None

    def packets_between(
        self, timeline: Timeline, begin_pts: int, end_pts: int
    ) -> Iterator[PlacedPacket]:
        """The packets before `end_pts` that were not given yet, each with its time in the file.

        Args:
            timeline: of the recording: it knows the clip's time.
            begin_pts: where the file begins; time 0 of the packets. Only that of the first call
                for a file counts.
            end_pts: time stamp of the recording.
        """
        begin_s, end_s = timeline.source_s(begin_pts), timeline.source_s(end_pts)
        self._begin_s = begin_s if self._begin_s is None else self._begin_s
        self._until_s = end_s
        while True:
            placed = self._next or next(self._packets, None)
            self._next = None
            if placed is None:
                return
            packet, at_s = placed
            if at_s >= end_s:
                self._next = placed
                return
            if at_s >= self._begin_s:
                yield packet, at_s - self._begin_s

    def begin_again(self) -> None:
        """What comes next goes into another file, whose time begins with the next call."""
        self._begin_s = None

    @property
    def losses(self) -> list[str]:
        """What of the sound could not be kept, so far."""
        overlapping = self._timeline.left_out + (self._encoder.left_out if self._encoder else 0)
        counts = {"overlap with others": overlapping, "are damaged": self._damaged}
        return [f"{count} {why}" for why, count in counts.items() if count]

    @property
    def cut_s(self) -> float:
        """Seconds of sound after the clip's last picture, where that was recorded; else 0."""
        videos = self._input.streams.video
        pictures_end_s = _end_s(videos[0]) if videos else None
        sound_end_s = _end_s(self._source)
        until_s = self._until_s + self._zero_s
        if pictures_end_s is None or sound_end_s is None or until_s < pictures_end_s - _NEAR_S:
            return 0.0
        return max(0.0, sound_end_s - until_s)

    def close(self) -> None:
        """Close the clip and the encoder."""
        self._packets.close()
        self._input.close()
        if self._encoder is not None:
            self._encoder.close()

    def _read_packets(self) -> Generator[PlacedPacket, None, None]:
        try:
            if self._encoder is None:
                yield from self._placed(self._copied())
                return
            for frame, at_s in self._placed(self._decoded()):
                yield from self._encoder.encode(frame, at_s)
            yield from self._encoder.flush()
        except (av.error.FFmpegError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            self._notify(f"the sound of {self._title} is damaged ({reason}): it ends early")

    def _placed(self, pieces: Iterator[Piece]) -> Iterator[tuple[Any, float]]:
        """Each piece with its time since the clip's first frame; see SoundTimeline."""
        piece = next(pieces, None)
        while piece is not None:
            following = next(pieces, None)
            what, at_s, lasts_s = piece
            next_s = following[1] if following is not None else None
            placed_s = self._timeline.place(at_s, lasts_s, next_s)
            if placed_s is not None:
                yield what, placed_s - self._zero_s
            piece = following

    def _copied(self) -> Iterator[Piece]:
        for packet in self._input.demux(self._source):
            if packet.size:  # an empty one only says that the end is reached
                base = packet.time_base or Fraction(1)
                stamp = packet.pts if packet.pts is not None else packet.dts
                at_s = float(stamp * base) if stamp is not None else None
                yield packet, at_s, float((packet.duration or 0) * base)

    def _decoded(self) -> Iterator[Piece]:
        for packet in self._input.demux(self._source):
            try:
                frames = self._source.decode(packet if packet.size else None)
            except av.error.InvalidDataError:
                self._damaged += 1
                continue
            for frame in frames:
                yield frame, frame.time, frame.samples / frame.sample_rate


def _end_s(stream: Any) -> float | None:
    """When a stream ends on the clip's own clock; None where the clip does not say."""
    start_s = float((stream.start_time or 0) * (stream.time_base or 0))
    if stream.duration and stream.time_base:
        return start_s + float(stream.duration * stream.time_base)
    tag = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
    if tag is None:
        return None
    return int(tag[1]) * 3600.0 + int(tag[2]) * 60.0 + float(tag[3])  # Matroska: the end itself
