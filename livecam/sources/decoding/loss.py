"""What is missing or damaged in a clip: only what a decoder missed counts."""

import re
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container.input import InputContainer
from av.video.stream import VideoStream

from livecam.core.formatting import counted
from livecam.sources.decoding.frame_times import has_timestamps

_TOLERANCE_S = 0.2
"""Tolerated difference to the duration of a container that does not list its frames."""

_SAME_S = 0.002


@dataclass(slots=True)
class Damage:
    """What could not be decoded."""

    packets: int = 0
    corrupt_frames: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a clip was read.

    Attributes:
        frames: so many were decoded.
        frames_until_s: when the last of them ends, since the first.
        packets_until_s: the container's time up to which any of its streams was read.
    """

    frames: int
    frames_until_s: float
    packets_until_s: float


class ExpectedContent:
    """What a container says that it holds.

    Attributes:
        frames: those that it lists to be shown; None where it lists none.
        duration_s: seconds of video; None where it does not say.
        is_of_all_streams: whether the duration is that of the longest stream, not of the video.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        """`container` is opened and not read yet."""
        self.frames = _listed_frames(container, stream)
        self.duration_s = _duration_s(container, stream)
        self._whole_until_s = _whole_until_s(container)
        is_alone = len(container.streams) == 1
        self.is_of_all_streams = not is_alone and not _has_own_duration(container, stream)

    def estimated_frames(self, rate: float | None) -> int | None:
        """How many frames of this rate are to be expected; None where nothing tells it."""
        if self.frames or not (self.duration_s and rate) or self.is_of_all_streams:
            return self.frames
        return round(self.duration_s * rate)

    def describe_loss(self, reached: Reached, damage: Damage) -> str:
        """What is missing or damaged, for the user; "" where nothing is."""
        missing = max(0, (self.frames or reached.frames) - reached.frames)
        listed_s = self.duration_s or 0.0
        cut_off = self._missing_s(reached) > (0.1 if missing else _TOLERANCE_S)
        if not (missing or cut_off or damage.packets or damage.corrupt_frames):
            return ""
        parts = [
            f"{reached.frames} of {self.frames} frames could be read"
            if missing
            else f"{counted(reached.frames, 'frame')} read"
        ]
        if cut_off:
            parts.append(f"it ends at {reached.frames_until_s:.1f} s of {listed_s:.1f} s")
        if damage.packets:
            parts.append(f"{counted(damage.packets, 'damaged packet')} left out")
        if damage.corrupt_frames:
            parts.append(f"{counted(damage.corrupt_frames, 'frame')} may show blocks")
        return ", ".join(parts)

    def _missing_s(self, reached: Reached) -> float:
        if self.duration_s is None:
            return 0.0
        short_s = self.duration_s - reached.frames_until_s
        if not self.is_of_all_streams:
            return short_s
        # Sound or subtitles may be longer: then only the file as a whole can be too short.
        return min(short_s, self._whole_until_s - reached.packets_until_s)


def _listed_frames(container: InputContainer, stream: VideoStream) -> int | None:
    """MP4 also counts frames that its edit list hides, AVI those that were dropped.

    FFmpeg's index has what is left of them; fragments are added to it while they are read.
    """
    shown = sum(not entry.is_discard for entry in stream.index_entries)
    if container.format.name == "avi":
        return shown or None
    return (shown or stream.frames) if stream.frames else None


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if not has_timestamps(container):  # FFmpeg makes one up
        return None
    start_s = _start_s(stream)
    whole_s = (container.duration or 0) / av.time_base
    # Matroska tells when each stream ends; a copied tag may be that of a longer clip.
    tag_s = _seconds(stream.metadata.get("DURATION", ""))
    if tag_s is not None and whole_s:
        return min(tag_s, whole_s) - start_s
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return whole_s - start_s if whole_s else None


def _has_own_duration(container: InputContainer, stream: VideoStream) -> bool:
    """False where the duration is that of the whole file, of which FFmpeg tells nothing."""
    if _seconds(stream.metadata.get("DURATION", "")) is not None:
        return True
    if not stream.duration or not stream.time_base:
        return False
    until_s = _start_s(stream) + float(stream.duration * stream.time_base)
    return abs(until_s - _whole_until_s(container)) > _SAME_S


def _whole_until_s(container: InputContainer) -> float:
    """The container's time at which its longest stream ends."""
    whole = container.duration or 0
    if container.format.name != "matroska,webm":  # there it is a time, not a length
        whole += container.start_time or 0
    return whole / av.time_base


def _start_s(stream: VideoStream) -> float:
    return float((stream.start_time or 0) * (stream.time_base or Fraction()))


def _seconds(text: str) -> float | None:
    """Seconds of "00:00:02.966000000"; None where it is something else."""
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None
