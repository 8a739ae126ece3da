"""From a PyAV container to frames: true times, upright, square pixels, damage counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np

from livecam.values import BgrImage, Frame

av.logging.set_level(None)

_QUARTER_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}


@dataclass(slots=True)
class Damage:
    """What could not be decoded."""

    packets: int = 0
    marred_frames: int = 0


def main_stream(container: "av.container.InputContainer") -> "av.VideoStream":
    """The stream to show: the one marked as default, else the first.

    Raises:
        ValueError: there is no video in it.
    """
    streams = container.streams.video
    pictures = [s for s in streams if not s.disposition & av.stream.Disposition.attached_pic]
    if not pictures:
        raise ValueError("it has no video")
    marked = [s for s in pictures if s.disposition & av.stream.Disposition.default]
    return (marked or pictures)[0]


def upright(frame: "av.VideoFrame", pixel_aspect: float) -> BgrImage:
    """uint8 BGR of a decoded frame, rotated as its metadata says, pixels made square.

    Args:
        frame: any pixel format; colour space and range are honoured by the conversion.
        pixel_aspect: width of a pixel over its height, before the rotation.
    """
    bgr: Any = frame.to_ndarray(format="bgr24")
    if abs(pixel_aspect - 1.0) > 1e-3:
        height, width = bgr.shape[:2]
        # The longer way only: no detail is thrown away.
        size = (
            (round(width * pixel_aspect), height)
            if pixel_aspect > 1
            else (width, round(height / pixel_aspect))
        )
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_CUBIC)
    turn = round(frame.rotation / 90) * 90 % 360
    if turn:
        bgr = cv2.rotate(bgr, _QUARTER_TURNS[turn])
    picture = np.ascontiguousarray(bgr, dtype=np.uint8)
    picture.flags.writeable = False
    return BgrImage(picture)


class Decoder:
    """Frames of one opened container, in order, with what was damaged on the way."""

    def __init__(self, container: "av.container.InputContainer") -> None:
        """Choose the stream and ask for decoding in threads."""
        self._container = container
        self.stream = main_stream(container)
        self.stream.thread_type = "AUTO"
        self.damage = Damage()
        self.decoded_until_s = 0.0

    @property
    def rate(self) -> float | None:
        """Average frames per second, None where the container does not say."""
        rate = self.stream.average_rate or self.stream.guessed_rate
        return float(rate) if rate else None

    @property
    def duration_s(self) -> float | None:
        """Seconds of video that the container promises; None where it does not."""
        stream = self.stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        # The container's own duration may be that of the sound.
        only_video = not self._container.streams.audio
        if only_video and self._container.duration:
            return self._container.duration / av.time_base
        return None

    def frames(self) -> Iterator[Frame]:
        """Each frame once; times count from the first frame and strictly increase."""
        first_s: float | None = None
        time_s = 0.0
        for index, decoded in enumerate(self._decoded()):
            step_s = 1.0 / (self.rate or 30.0)
            own_s = decoded.time if decoded.time is not None else None
            if first_s is None:
                first_s = own_s if own_s is not None else 0.0
            elif own_s is not None and own_s - first_s > time_s:
                time_s = own_s - first_s
            else:  # no time stamp, or one that goes back
                time_s += step_s
            self.decoded_until_s = time_s + step_s
            yield Frame(upright(decoded, self._pixel_aspect), index, time_s)

    @property
    def _pixel_aspect(self) -> float:
        aspect = self.stream.sample_aspect_ratio
        return float(aspect) if aspect else 1.0

    def _decoded(self) -> Iterator["av.VideoFrame"]:
        for packet in self._packets():
            try:
                decoded = packet.decode()
            except av.error.InvalidDataError:
                self.damage.packets += 1
                continue
            for frame in decoded:
                if isinstance(frame, av.VideoFrame):
                    self.damage.marred_frames += frame.is_corrupt
                    yield frame

    def _packets(self) -> Iterator["av.Packet[Any]"]:
        packets = self._container.demux(self.stream)
        while True:
            try:
                yield next(packets)
            except StopIteration:
                return
            except av.error.InvalidDataError:  # a damaged index: nothing more can be found
                self.damage.packets += 1
                return
