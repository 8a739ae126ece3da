"""Decodes only the pictures that are looked at."""

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import av

from livecam.core.watching.kept_media import KeptMedia

SOON_ENOUGH = 0.65
"""A key picture is looked at from this part of the time between two looks on: it costs least."""

OFTEN_ENOUGH = 1.2
"""Where key pictures come at least once in this many times between two looks, no others are
decoded."""


class ChoosesLooks(Protocol):
    """Takes the packets of one stream, and gives the pictures that are looked at.

    Attributes:
        corrupt_pictures: how many decoded ones were damaged, and not given.
    """

    corrupt_pictures: int

    def add(self, media: KeptMedia) -> "tuple[av.VideoFrame, float] | None":
        """Take the next packet of video; gives a picture and its time where one is looked at.

        Raises:
            av.error.InvalidDataError: it is damaged; the next key picture will be decoded again.
            av.error.ArgumentError: its pictures are larger than the decoder may make.
        """

    def next_left(self) -> "tuple[av.VideoFrame, float] | None":
        """At the end of the stream: the next of the pictures that are left; None without any."""


def look_decoder(context: "av.VideoCodecContext", look_every_s: float) -> ChoosesLooks:
    """What chooses the pictures of a stream; with 0 that is every one."""
    return LookDecoder(context, look_every_s) if look_every_s > 0 else EveryPicture(context)


class EveryPicture:
    """Decodes everything: no picture is passed over. Implements ChoosesLooks."""

    def __init__(self, context: "av.VideoCodecContext") -> None:
        """`context` is used by nobody else."""
        self._context = context
        self._has_key = self._is_drained = False
        self._ready: deque[tuple[av.VideoFrame, float]] = deque()
        self._unit, self._offset_s = 0.0, 0.0
        self.corrupt_pictures = 0

    def add(self, media: KeptMedia) -> "tuple[av.VideoFrame, float] | None":
        """As in ChoosesLooks; pictures come in the order in which they are shown."""
        self._has_key |= media.is_key
        if not self._has_key:
            return None
        stamp = media.data.pts
        if stamp is not None:  # of pictures that come out later, too
            self._unit = float(media.data.time_base)
            self._offset_s = media.time_s - stamp * self._unit
        self._take(media.data)
        return self._ready.popleft() if self._ready else None

    def next_left(self) -> "tuple[av.VideoFrame, float] | None":
        """As in ChoosesLooks."""
        if not self._is_drained and self._has_key:
            self._is_drained = True
            self._take(None)
        return self._ready.popleft() if self._ready else None

    def _take(self, packet: Any) -> None:
        try:
            frames = self._context.decode(packet)
        except av.error.FFmpegError:
            self._has_key = False
            self._context.flush_buffers()
            raise
        for frame in frames:
            self.corrupt_pictures += frame.is_corrupt
            if frame.pts is not None and not frame.is_corrupt:
                self._ready.append((frame, frame.pts * self._unit + self._offset_s))


class LookDecoder:
    """Chooses the pictures of one stream that are looked at, and decodes what these need.

    Key pictures are decoded one at a time: each comes out at once, whatever pictures are reordered.
    Where they come too seldom, the newest picture in between is decoded with what it refers to;
    pictures to which none refers are passed over. Implements ChoosesLooks.

    Attributes:
        decoded_pictures: how many were decoded so far.
        corrupt_pictures: how many of them were damaged.
    """

    def __init__(self, context: "av.VideoCodecContext", look_every_s: float) -> None:
        """Begin with the next key picture.

        Args:
            context: the decoder; used by nobody else.
            look_every_s: seconds from one look to the next.
        """
        self._context, self._look_every_s = context, look_every_s
        context.skip_frame = "NONREF"
        self._waiting: list[KeptMedia] = []  # to be decoded before a newer one can be
        self._has_key = False
        self._due_s = float("-inf")  # times of decoding, which never go back
        self._key_s: float | None = None
        self._key_interval_s: float | None = None
        self.decoded_pictures = self.corrupt_pictures = 0

    def add(self, media: KeptMedia) -> "tuple[av.VideoFrame, float] | None":
        """As in ChoosesLooks."""
        if media.is_key:
            return self._add_key(media)
        if not self._has_key:
            return None
        self._waiting.append(media)
        if media.decode_s < self._due_s or self._waits_for_key(media.time_s):
            return None
        return self._decode_newest()

    def next_left(self) -> None:
        """None: what was not decoded is not looked at."""

    def _add_key(self, media: KeptMedia) -> "tuple[av.VideoFrame, float] | None":
        if self._key_s is not None:
            self._key_interval_s = media.time_s - self._key_s
        self._key_s = media.time_s
        if self._waiting:  # they are passed over
            self._context.flush_buffers()
        self._has_key, self._waiting = True, [media]
        if self._is_too_early(media.decode_s):
            return None
        self._waiting = []
        frames = self._decode([media.data])
        if not any(frame.pts == media.data.pts for frame in frames):
            # It waits to be put in order, with B-frames; what comes next needs it once more.
            frames += self._decode([None])
            self._context.flush_buffers()
            self._waiting = [media]
        return self._looked_at(frames, media)

    def _decode_newest(self) -> "tuple[av.VideoFrame, float] | None":
        waiting, self._waiting = self._waiting, []
        return self._looked_at(self._decode([media.data for media in waiting]), waiting[-1])

    def _looked_at(
        self, frames: "Sequence[av.VideoFrame]", newest: KeptMedia
    ) -> "tuple[av.VideoFrame, float] | None":
        """The last of the pictures that came out; it may be an earlier one than was put in."""
        whole = [frame for frame in frames if not frame.is_corrupt]
        self.corrupt_pictures += len(frames) - len(whole)
        if not whole:
            return None
        on_time_s = (
            newest.decode_s
            if newest.is_key
            else max(self._due_s, newest.decode_s - self._look_every_s)
        )
        self._due_s = on_time_s + self._look_every_s
        return whole[-1], self._time_of(whole[-1], newest)

    def _time_of(self, frame: "av.VideoFrame", newest: KeptMedia) -> float:
        stamp = newest.data.pts
        if frame.pts is None or stamp is None:
            return newest.time_s
        return newest.time_s + float((frame.pts - stamp) * newest.data.time_base)

    def _decode(self, packets: Sequence[Any]) -> "list[av.VideoFrame]":
        try:
            frames = [frame for packet in packets for frame in self._context.decode(packet)]
        except av.error.FFmpegError:
            self._has_key, self._waiting = False, []
            self._context.flush_buffers()
            raise
        self.decoded_pictures += len(frames)
        return frames

    def _is_too_early(self, key_s: float) -> bool:
        """Whether a key picture is not looked at: a later one, or others, come when it is time."""
        if key_s < self._due_s - (1.0 - SOON_ENOUGH) * self._look_every_s:
            return True
        latest_s = self._due_s + (OFTEN_ENOUGH - 1.0) * self._look_every_s
        return (
            key_s < self._due_s
            and self._key_interval_s is not None
            and key_s + self._key_interval_s <= latest_s
        )

    def _waits_for_key(self, time_s: float) -> bool:
        """Whether the next key picture comes soon enough to be looked at instead."""
        interval_s, key_s = self._key_interval_s, self._key_s
        if interval_s is None or key_s is None:
            return False
        most_s = OFTEN_ENOUGH * self._look_every_s
        return interval_s <= most_s and time_s - key_s <= most_s
