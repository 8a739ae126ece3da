"""The frames of a segment of a clip that are looked at, decoded with as little else as possible.

They are the very frames that the clip as a source gives (sources/clip.py): the same numbers,
times and pixels. What is not plain (damaged, interlaced, without times) raises NotPlainError.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from livecam.core.archive.frame_part import ChoosePart, FramePart
from livecam.core.archive.look_schedule import LookSchedule
from livecam.core.archive.parts import SegmentStart
from livecam.core.input_limits import SizeLimits
from livecam.sources.decoding.display_order import MOST_REORDERED, DisplayOrder, TimesGoBackError
from livecam.sources.decoding.frame_maker import FrameMaker
from livecam.sources.decoding.frame_times import has_timestamps, rate_of
from livecam.sources.decoding.loss import Damage, Reached
from livecam.sources.decoding.packet_reader import PacketReader
from livecam.sources.decoding.size_guard import SizeGuard
from livecam.sources.key_frames import NotPlainError, PictureDecoder, seek_key_frame
from livecam.sources.video_decoder import select_video_stream

if TYPE_CHECKING:
    import av

PLAIN_CODECS = frozenset({"av1", "h264", "hevc", "libdav1d", "mjpeg", "vp9"})
"""Of these every packet is one frame that is shown."""

_UNPLAIN_FORMATS = frozenset({"avi", "hls"})


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """What of a clip is looked at.

    Attributes:
        spacing_s: seconds between two looks; 0 for every frame.
        length_s: of a segment.
        choose_part: which part of every frame.
        start: where this one begins; None for the beginning of the clip.
    """

    spacing_s: float
    length_s: float
    choose_part: ChoosePart
    start: SegmentStart | None = None


class SegmentFrames:
    """The looked-at frames of one segment, once.

    Attributes:
        later: where the segments after the first one begin; known after the first one.
        loss: what is missing of the clip, for the user; "" for nothing; known after the first one.
        rate: frames per second, None where it is not known.
    """

    def __init__(
        self, container: "av.container.InputContainer", plan: SegmentPlan, limits: SizeLimits
    ) -> None:
        """Look at what the container says.

        Raises:
            NotPlainError: its packets cannot be left out.
            ValueError: there is no video in it.
            TooLargeError: its pictures are larger than the limits allow.
        """
        self._container, self._plan, self._start = container, plan, plan.start
        self._stream = stream = select_video_stream(container)
        size_guard = SizeGuard(stream, limits)
        _check_plain(container, stream)
        self.rate = rate_of(container, stream)
        self.later: list[SegmentStart] = []
        self.loss = ""
        self._clip = FrameMaker.of(container, stream, size_guard)
        self._decoder = PictureDecoder(stream, all_frames=not plan.spacing_s)
        self._schedule = LookSchedule(plan.spacing_s)
        self._order = DisplayOrder(0 if plan.start is None else plan.start.packets)
        self._zero = 0 if plan.start is None else plan.start.zero_timestamp
        self._zero_s = self._clip.seconds(self._zero)
        self._end: int | None = None
        self._taken: list[av.VideoFrame] = []  # decoded just now, to be looked at
        self._held: list[av.Packet[Any]] = []  # those since the last key packet
        self._key_timestamp = self._zero  # of that one
        self._needs_run = False

    def __iter__(self) -> Iterator[FramePart]:
        """The frames.

        Raises:
            NotPlainError: all of the clip has to be decoded in order; the frames given are right.
            av.error.FFmpegError: the disk failed.
            TooLargeError: the pictures become too large.
        """
        if self._start is not None:
            seek_key_frame(self._container, self._stream, self._start.timestamp)
        expected = self._clip.expected
        reader = PacketReader(
            self._container, self._stream, notes_all_streams=expected.is_of_all_streams
        )
        try:
            packets = _with_those_ahead(self._noted(self._from_start(reader.packets())))
            yield from self._of_segment(packets)
            if self._start is None:
                for packet in packets:  # where later segments begin, and whether all is there
                    self._order.forget_before(_pts(packet))
        except TimesGoBackError:
            raise NotPlainError("its times go back") from None
        if reader.is_index_damaged:
            raise NotPlainError("it cannot be read to its end")
        if reader.broken_by is not None:
            raise reader.broken_by
        if self._start is None:
            frame_s = 1.0 / (self.rate or 30.0)
            ends_s = self._time_s(self._last) + frame_s if self._order.count else 0.0
            reached = Reached(self._order.count, ends_s, reader.until_s)
            self.loss = expected.describe_loss(reached, Damage())

    def _from_start(self, packets: Iterator["av.Packet[Any]"]) -> Iterator["av.Packet[Any]"]:
        """The packets from the segment's first one on, each with its times."""
        start, is_begun = self._start, False
        for packet in packets:
            if packet.is_corrupt or packet.is_discard or packet.pts is None:
                raise NotPlainError("a packet is damaged, hidden or without a time")
            if not is_begun and start is not None and packet.pts != start.timestamp:
                continue
            if not (is_begun or packet.is_keyframe):
                raise NotPlainError("it does not begin with a key frame")
            if not is_begun:
                is_begun, self._zero = True, packet.pts if start is None else self._zero
                self._zero_s = self._clip.seconds(self._zero)
            yield packet

    def _noted(self, packets: Iterator["av.Packet[Any]"]) -> Iterator["av.Packet[Any]"]:
        """The packets, counted; key packets with which later segments begin are noted."""
        self._last = self._zero
        for packet in packets:
            timestamp = _pts(packet)
            if packet.is_keyframe and self._start is None:
                self._note_segment(timestamp)
            self._order.add(timestamp)
            self._last = max(self._last, timestamp)
            if timestamp < self._zero:
                raise NotPlainError("its first frames need others before them")
            yield packet

    def _note_segment(self, timestamp: int) -> None:
        """Note the segment that begins with a key packet, the next in the file, if one does."""
        time_s = self._time_s(timestamp)
        number = int(time_s / self._plan.length_s + 1e-9)
        if number <= (self.later[-1].number if self.later else 0):
            return
        if self.later:
            self.later[-1] = replace(self.later[-1], ends_s=time_s)
        start = SegmentStart(number, timestamp, self._order.count, self._zero, time_s)
        self.later.append(start)

    def _of_segment(self, packets: Iterator["av.Packet[Any]"]) -> Iterator[FramePart]:
        """The frames up to the first key packet of the next segment."""
        for packet in packets:
            if not packet.is_keyframe:
                self._continue_group(packet)
            elif self._is_end(packet):
                self._end = _pts(packet)
                self._read_behind(packet, packets)
                break
            else:
                self._begin_group(packet)
            if self._taken:
                yield from self._made()
        if self._decoder.is_running:
            self._take(self._decoder.end_run())
        yield from self._made()

    def _is_end(self, key: "av.Packet[Any]") -> bool:
        """Whether the next segment begins with this packet."""
        if self._start is None:
            return bool(self.later) and _pts(key) >= self.later[0].timestamp
        ends_s = self._start.ends_s
        return ends_s is not None and self._time_s(_pts(key)) >= ends_s

    def _begin_group(self, key: "av.Packet[Any]") -> None:
        self._key_timestamp = _pts(key)
        time_s = self._time_s(self._key_timestamp)
        is_late = self._schedule.is_overdue(time_s)
        if is_late and self._held and not self._decoder.is_running:
            self._begin_run()  # a frame between the one before and this one has to be found
            self._needs_run = True
        if self._decoder.is_running and not self._needs_run:
            self._take(self._decoder.end_run())
        self._held = [key]
        self._needs_run = not self._plan.spacing_s
        if self._needs_run and not self._decoder.is_running:
            self._decoder.begin_run()
        if self._decoder.is_running:
            self._take(self._decoder.feed(key))
        elif self._schedule.wants_key_frame(time_s):
            self._take([self._decoder.decode_alone(key)], is_nearly=True)

    def _continue_group(self, packet: "av.Packet[Any]") -> None:
        if self._decoder.is_running:
            self._take(self._decoder.feed(packet))
            return
        timestamp = _pts(packet)
        if timestamp < self._key_timestamp:  # it needs the group before, too
            return
        self._held.append(packet)
        if self._schedule.is_overdue(self._time_s(timestamp)):
            self._begin_run()

    def _begin_run(self) -> None:
        """Decode in order from the last key packet on."""
        self._decoder.begin_run()
        for held in self._held:
            self._take(self._decoder.feed(held))
        self._held = self._held[:1]

    def _read_behind(self, boundary: "av.Packet[Any]", packets: Iterator["av.Packet[Any]"]) -> None:
        """Of every frame, also those that lie behind the next segment's first one in the file."""
        if self._plan.spacing_s:
            return
        self._take(self._decoder.feed(boundary))
        for packet in packets:
            if _pts(packet) > _pts(boundary):
                return
            self._take(self._decoder.feed(packet))

    def _take(self, frames: "list[av.VideoFrame]", *, is_nearly: bool = False) -> None:
        """Keep those that are due and belong to the segment."""
        for frame in frames:
            timestamp = _pts(frame)
            is_before = self._start is not None and timestamp < self._start.timestamp
            if is_before or (self._end is not None and timestamp >= self._end):
                continue
            time_s = self._time_s(timestamp)
            if is_nearly or self._schedule.is_due(time_s):
                self._schedule.looked_at(time_s, is_nearly=is_nearly)
                self._taken.append(frame)
                self._needs_run |= not frame.key_frame

    def _made(self) -> Iterator[FramePart]:
        """The parts of the frames that were taken: at once, while the caches have their pixels."""
        taken, self._taken = self._taken, []
        for frame in taken:
            timestamp = _pts(frame)
            index, time_s = self._order.index_of(timestamp), self._time_s(timestamp)
            self._order.forget_before(timestamp)
            yield self._clip.part_of(frame, index, time_s, self._plan.choose_part)

    def _time_s(self, timestamp: int) -> float:
        return self._clip.seconds(timestamp) - self._zero_s


def _with_those_ahead(packets: Iterator["av.Packet[Any]"]) -> Iterator["av.Packet[Any]"]:
    """Each packet once so many more were read that the number of its frame is known."""
    ahead: deque[av.Packet[Any]] = deque()
    for packet in packets:
        ahead.append(packet)
        if len(ahead) > MOST_REORDERED:
            yield ahead.popleft()
    yield from ahead


def _pts(timed: "av.Packet[Any] | av.VideoFrame") -> int:
    """Its time of display, which every packet and frame here was found to have."""
    return int(timed.pts or 0)


def _check_plain(container: "av.container.InputContainer", stream: "av.VideoStream") -> None:
    """Raise NotPlainError where packets do not say which frames there are, and when."""
    context: Any = stream.codec_context
    if context is None or context.name not in PLAIN_CODECS:
        raise NotPlainError("its codec has packets that are not shown")
    if not has_timestamps(container) or container.format.name in _UNPLAIN_FORMATS:
        raise NotPlainError("its format has no times of display")
