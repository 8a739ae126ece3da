"""Cuts a part out of a clip: its packets copied where a key frame begins it, else encoded."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from livecam.core.types import Frame
from livecam.native.ffmpeg_url import file_url
from livecam.sinks.recording.container_format import CONTAINER_FORMATS, container_format_of
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.part_file import PartFile, write_failure
from livecam.sinks.recording.pixel_format import even_size, letterboxed
from livecam.sinks.recording.remux import add_copied_stream, open_output
from livecam.sinks.recording.watched_encoder import EncoderSilentError, WatchedEncoder

_IN_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
_SAME_S = 1e-3
_DEFAULT_FRAME_S = 1 / 30


@dataclass(frozen=True, slots=True)
class ClipPart:
    """What is cut out.

    Attributes:
        path: of the clip.
        zero_s: the container's time of its first frame, from which times count.
        begin_s: time of the first frame of the cut.
        end_s: frames from here on are left out.
        at: when the first frame of the cut was taken; None where the clip does not say.
    """

    path: Path
    zero_s: float
    begin_s: float
    end_s: float
    at: datetime | None = None

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the cut says of itself; in MP4 the time has whole seconds."""
        if self.at is None:
            return {}
        return {"creation_time": self.at.astimezone(UTC).isoformat(timespec="milliseconds")}


@dataclass(frozen=True, slots=True)
class CutClip:
    """A clip that was cut out.

    Attributes:
        path: where it is.
        frames: so many pictures.
        is_copied: whether its packets are those of the clip; else it was encoded.
    """

    path: Path
    frames: int
    is_copied: bool


def copy_cut(part: ClipPart, target: Path) -> CutClip | None:
    """Copy the packets of a part that begins with a key frame, sound included.

    A frame that others are computed from is kept although it is shown after the end: up to three.

    Args:
        part: what is cut out.
        target: without a suffix, which is that of the container: .mp4 or .mkv.

    Returns:
        None where no key frame begins there, or the packets cannot be copied into these
        containers: nothing is written then.

    Raises:
        SinkError: the disk failed.
    """
    try:
        with av.open(file_url(part.path)) as source:
            pictures = [s for s in source.streams.video if not s.disposition & _ATTACHED]
            if len(pictures) != 1:
                return None
            video: Any = pictures[0]
            first = _key_packet(source, video, part)
            if first is None:
                return None
            suffix = ".mp4" if video.codec_context.name in _IN_MP4 else ".mkv"
            path = target.with_name(target.name + suffix)
            return _copied(source, video, first, part, path)
    except (av.error.FFmpegError, ValueError):
        return None


_ATTACHED = av.stream.Disposition.attached_pic


def _key_packet(source: Any, video: Any, part: ClipPart) -> Any:
    """The key packet whose frame is shown at the beginning; None where there is none."""
    begin_s = part.zero_s + part.begin_s
    source.seek(round((begin_s + _SAME_S) / video.time_base), stream=video)
    for packet in source.demux(video):
        if packet.pts is None or packet.dts is None or not packet.is_keyframe:
            continue
        at_s = float(packet.pts * packet.time_base)
        if abs(at_s - begin_s) <= _SAME_S:
            return packet
        if at_s > begin_s:
            return None
    return None


def _copied(source: Any, video: Any, first: Any, part: ClipPart, path: Path) -> CutClip:
    end_s = part.zero_s + part.end_s - _SAME_S
    zero_s = Fraction(first.pts) * video.time_base
    source.seek(first.pts, stream=video)
    copied = [video, *source.streams.audio[:1]]
    with PartFile(path) as file:
        try:
            with open_output(file, container_format_of(path)) as output:
                output.metadata.update(part.metadata)
                streams = {one.index: add_copied_stream(output, one) for one in copied}
                frames = 0
                for packet in source.demux(copied):
                    if packet.pts is None or packet.dts is None:
                        continue
                    is_video = packet.stream.index == video.index
                    if is_video and packet.dts * packet.time_base >= end_s:
                        break
                    if not _belongs(packet, first, zero_s, end_s, is_video=is_video):
                        continue
                    offset = round(zero_s / packet.time_base)
                    packet.pts, packet.dts = packet.pts - offset, packet.dts - offset
                    frames += is_video
                    packet.stream = streams[packet.stream.index]
                    output.mux_one(packet)
        except OSError as error:
            if isinstance(error, av.error.FFmpegError):
                raise
            raise write_failure(path, error) from error
        file.move_to(path)
    return CutClip(path, frames, is_copied=True)


def _belongs(packet: Any, first: Any, zero_s: Fraction, end_s: float, *, is_video: bool) -> bool:
    """Whether a packet is in the cut: no picture that is shown before the first key frame is."""
    if is_video:
        return bool(packet.pts >= first.pts and packet.dts >= first.dts)
    at_s = packet.pts * packet.time_base
    return bool(zero_s <= at_s < end_s)


def encode_cut(
    part: ClipPart, frames: Iterable[Frame], rate: float | None, target: Path
) -> CutClip | None:
    """Encode a part as a clip of its own, exact to the frame; sound is copied where MP4 takes it.

    Args:
        part: what is cut out.
        frames: of the clip, from the first of the cut on.
        rate: of the clip, None where unknown.
        target: without its suffix, .mp4.

    Returns:
        None where there is no frame.

    Raises:
        SinkError: the disk or the encoder failed.
    """
    path = target.with_name(target.name + ".mp4")
    wanted = iter(frames)
    first = next(wanted, None)
    if first is None:
        return None
    container_format = CONTAINER_FORMATS[".mp4"]
    request = EncoderRequest(rate=rate, live=False)
    size_px = even_size(first.bgr)
    encoder = open_encoder(request, size_px, container_format.time_base)
    try:
        with PartFile(path) as file:
            with open_output(file, container_format) as output:
                output.metadata.update(part.metadata)
                stream = output.add_stream_from_template(encoder.stream)
                stream.time_base = container_format.time_base
                sound = _sound_of(part, output)
                count = 0
                for packet in _packets(encoder, first, wanted, rate, part.end_s):
                    packet.dts, packet.stream = packet.pts, stream
                    output.mux_one(packet)
                    count += 1
                output.mux(sound)
            file.move_to(path)
    except (av.error.FFmpegError, OSError, ValueError, EncoderSilentError) as error:
        raise write_failure(path, error) from error
    finally:
        encoder.close()
    return CutClip(path, count, is_copied=False)


def _sound_of(part: ClipPart, output: Any) -> list[Any]:
    """The packets of a part's sound, of a stream that is added; none where MP4 does not take it."""
    begin_s, end_s = part.zero_s + part.begin_s, part.zero_s + part.end_s
    packets = []
    with suppress(av.error.FFmpegError), av.open(file_url(part.path)) as source:
        sound: Any = next(iter(source.streams.audio), None)
        if sound is None or sound.codec_context.name not in CONTAINER_FORMATS[".mp4"].sound_codecs:
            return []
        stream = add_copied_stream(output, sound)
        source.seek(round(begin_s / sound.time_base), stream=sound)
        for packet in source.demux(sound):
            if packet.pts is None or packet.dts is None or packet.pts * sound.time_base < begin_s:
                continue
            if packet.pts * sound.time_base >= end_s:
                break
            offset = round(begin_s / sound.time_base)
            packet.pts, packet.dts = packet.pts - offset, packet.dts - offset
            packet.stream = stream
            packets.append(packet)
    return packets


def _packets(
    encoder: WatchedEncoder,
    first: Frame,
    others: Iterable[Frame],
    rate: float | None,
    end_s: float,
) -> "Iterable[Any]":
    """The packets of the frames up to the end; each frame lasts until the next one."""
    unit_s = CONTAINER_FORMATS[".mp4"].time_base
    width, height = even_size(first.bgr)
    zero_s, last_s = first.time_s, 1 / rate if rate else _DEFAULT_FRAME_S

    def until_the_end() -> "Iterable[Frame | None]":
        yield first
        for frame in others:
            if frame.time_s >= end_s - _SAME_S:
                break
            yield frame
        yield None

    for frame, following in pairwise(until_the_end()):
        assert frame is not None  # noqa: S101  (only the last is none)
        begin = round((frame.time_s - zero_s) / unit_s)
        lasts_s = last_s if following is None else following.time_s - frame.time_s
        last_s = lasts_s
        picture = letterboxed(frame.bgr, width, height)
        yield from encoder.encode(picture, begin, max(1, round(lasts_s / unit_s)))
    yield from encoder.flush()
