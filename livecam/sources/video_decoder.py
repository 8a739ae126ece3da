"""Decodes a video container to frames: true times, rotation, square pixels, damage counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import cv2
from av.video.reformatter import VideoReformatter

from livecam.core.formatting import counted
from livecam.core.types import BgrImage, Frame
from livecam.sources.pixels import read_only_image

av.logging.set_level(None)

_QUARTER_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


_TEXT_FORMATS = frozenset({"tty", "adf", "bin", "idf", "xbin"})
"""FFmpeg draws any text file as a picture of a terminal."""

_TOLERANCE_S = 0.2
"""Tolerated difference to the duration of a container that does not list its frames."""


@dataclass(slots=True)
class Damage:
    """What could not be decoded."""

    packets: int = 0
    corrupt_frames: int = 0


def select_video_stream(container: "av.container.InputContainer") -> "av.VideoStream":
    """The stream to show: the one marked as default, else the first; of HLS the largest.

    Raises:
        ValueError: there is no video in it, or it is text.
    """
    if container.format.name in _TEXT_FORMATS:
        raise ValueError("it is text")
    streams = container.streams.video
    pictures = [s for s in streams if not s.disposition & av.stream.Disposition.attached_pic]
    if not pictures:
        raise ValueError("it has no video")
    if container.format.name == "hls":  # variants of the same
        return max(pictures, key=_variant_size)
    marked = [s for s in pictures if s.disposition & av.stream.Disposition.default]
    return (marked or pictures)[0]


def _variant_size(stream: "av.VideoStream") -> tuple[int, int]:
    """By its pixels, then by its bits a second."""
    bit_rate = stream.metadata.get("variant_bitrate", "0")
    return stream.width * stream.height, int(bit_rate) if bit_rate.isdecimal() else 0


def to_bgr_image(
    frame: "av.VideoFrame", pixel_aspect: float, converter: VideoReformatter
) -> BgrImage:
    """Read-only uint8 BGR of a decoded frame, rotated as its metadata says, with square pixels.

    Args:
        frame: of any pixel format, colour space and range.
        converter: used for all frames: setting it up takes half as long as using it.
        pixel_aspect: width of a pixel over its height, before the rotation.
    """
    # One thread: the stages after this one make better use of the others.
    bgr: Any = converter.reformat(frame, format="bgr24", threads=1).to_ndarray()
    if abs(pixel_aspect - 1.0) > 1e-3:
        height, width = bgr.shape[:2]
        # Always enlarged: no detail is lost.
        size = (
            (round(width * pixel_aspect), height)
            if pixel_aspect > 1
            else (width, round(height / pixel_aspect))
        )
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_CUBIC)
    turn = round(frame.rotation / 90) * 90 % 360
    if turn:
        bgr = cv2.rotate(bgr, _QUARTER_TURNS[turn])
    return read_only_image(bgr)


def pixel_aspect_ratio(stream: "av.VideoStream") -> float:
    """Width of a pixel over its height."""
    aspect = stream.sample_aspect_ratio
    return float(aspect) if aspect else 1.0


class VideoDecoder:
    """Decodes one opened container in order, and counts what is damaged."""

    def __init__(self, container: "av.container.InputContainer") -> None:
        """Choose the stream of a container opened for reading; decode in threads."""
        self._container = container
        self.stream = select_video_stream(container)
        self.stream.thread_type = "AUTO"
        self.listed_frames = _listed_frames(self.stream)
        self.damage = Damage()
        self._converter = VideoReformatter()
        self._broken_by: av.error.FFmpegError | None = None
        self.count = 0
        self.began_s = self.decoded_until_s = 0.0

    @property
    def rate(self) -> float | None:
        """Average frames per second, None where the container does not say."""
        rate = self.stream.average_rate or self.stream.guessed_rate
        return float(rate) if rate else None

    @property
    def duration_s(self) -> float | None:
        """Seconds of video as the container says; None where it does not."""
        stream = self.stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        # Matroska tells when each stream ends; the container's own end may be that of the sound.
        start_s = float((stream.start_time or 0) * (stream.time_base or Fraction()))
        tag_s = _seconds(stream.metadata.get("DURATION", ""))
        whole_s = (self._container.duration or 0) / av.time_base
        if tag_s is not None and whole_s:
            return min(tag_s, whole_s) - start_s  # a copied tag may be that of a longer clip
        return whole_s - start_s if whole_s and not self._container.streams.audio else None

    def frames(self) -> Iterator[Frame]:
        """Each frame once; times count from the first frame and strictly increase.

        Raises:
            av.error.FFmpegError: the disk or the network failed, after the last frame to be had.
        """
        time_s = 0.0
        for index, decoded in enumerate(self._decode()):
            step_s = 1.0 / (self.rate or 30.0)
            own_s = decoded.time
            if index == 0:
                self.began_s = own_s or 0.0
            elif own_s is not None and own_s - self.began_s > time_s:
                time_s = own_s - self.began_s
            else:  # no time stamp, or one that goes back
                time_s += step_s
            length_s = float((decoded.duration or 0) * (decoded.time_base or Fraction()))
            self.decoded_until_s = time_s + (length_s or step_s)
            self.count = index + 1
            bgr = to_bgr_image(decoded, pixel_aspect_ratio(self.stream), self._converter)
            yield Frame(bgr, index, time_s)

    def describe_loss(self) -> str:
        """What is missing or damaged after the last frame, for the user; "" where nothing is."""
        missing = max(0, (self.listed_frames or self.count) - self.count)
        listed_s = self.duration_s or 0.0
        short_s = listed_s - self.decoded_until_s
        cut_off = short_s > (0.1 if missing else _TOLERANCE_S)
        damage = self.damage
        if not (missing or cut_off or damage.packets or damage.corrupt_frames):
            return ""
        parts = [
            f"{self.count} of {self.listed_frames} frames could be read"
            if missing
            else f"{counted(self.count, 'frame')} read"
        ]
        if cut_off:
            parts.append(f"it ends at {self.decoded_until_s:.1f} s of {listed_s:.1f} s")
        if damage.packets:
            parts.append(f"{counted(damage.packets, 'damaged packet')} left out")
        if damage.corrupt_frames:
            parts.append(f"{counted(damage.corrupt_frames, 'frame')} may show blocks")
        return ", ".join(parts)

    def _decode(self) -> Iterator["av.VideoFrame"]:
        cut_short: av.Packet[Any] | None = None
        for packet in self._demux():
            if cut_short is not None:
                yield from self._decode_packet(cut_short)
            cut_short = packet if packet.is_corrupt else None
            if cut_short is None:
                yield from self._decode_packet(packet)
        # A last packet that was cut short would also damage the frames before it.
        self.damage.packets += cut_short is not None
        yield from self._decode_packet(None)  # flush the decoder
        if self._broken_by is not None:
            raise self._broken_by

    def _decode_packet(self, packet: "av.Packet[Any] | None") -> Iterator["av.VideoFrame"]:
        try:
            decoded = self.stream.decode(packet)
        except av.error.InvalidDataError:
            self.damage.packets += 1
            return
        for frame in decoded:
            if packet is None:  # PyAV knows the unit of time from packets only
                frame.time_base = self.stream.time_base
            self.damage.corrupt_frames += frame.is_corrupt
            yield frame

    def _demux(self) -> Iterator["av.Packet[Any]"]:
        try:
            for packet in self._container.demux(self.stream):
                if packet.size:  # an empty one only says that the end is reached
                    yield packet
        except av.error.InvalidDataError:  # a damaged index: nothing more can be found
            self.damage.packets += 1
        except av.error.FFmpegError as error:
            self._broken_by = error


def _listed_frames(stream: "av.VideoStream") -> int | None:
    """Frames that the container lists to be shown; None where it lists none.

    MP4 also counts those that its edit list hides (a trimmed clip), AVI those that were dropped.
    """
    entries = getattr(stream, "index_entries", ())  # older PyAV has none
    shown = sum(not entry.is_discard for entry in entries)
    if stream.container.format.name == "avi":
        return shown or None
    return (shown if len(entries) == stream.frames else stream.frames) or None


def _seconds(text: str) -> float | None:
    """Seconds of "00:00:02.966000000"; None where it is something else."""
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None
