"""Takes the packets of one connection: holds them, and gives the pictures that are looked at."""

from typing import Any

import av

from livecam.core.watching.kept_media import KeptMedia, MediaFormat
from livecam.sources.watched.look_decoder import look_decoder
from livecam.sources.watched.source_state import SourceState

COPIED_CODECS = frozenset({"h264", "hevc"})
"""Pictures of these are copied into clips as they came."""


class PacketIntake:
    """Passes the packets of one connection to the clips, and gives the pictures to look at."""

    def __init__(
        self,
        video: "av.VideoStream",
        sound: "av.AudioStream | None",
        state: SourceState,
    ) -> None:
        """Nothing is decoded of the streams yet.

        Args:
            video: of one of COPIED_CODECS.
            sound: its packets are held, too; None for silence.
            state: of the source, over all its connections.
        """
        self._video, self._state = video, state
        self._zero_s = 0.0
        self._media_format = media_format_of(video, sound)
        self._decoder = look_decoder(video.codec_context, state.look_every_s)
        self._untimed: list[Any] = []
        self._has_begun = False
        state.begin_connection()

    @property
    def corrupt_pictures(self) -> int:
        """How many decoded pictures were damaged, and not looked at."""
        return self._decoder.corrupt_pictures

    def take(
        self, packet: "av.Packet[Any]", arrived_s: float | None
    ) -> "tuple[av.VideoFrame, float] | None":
        """Take the next packet; gives a picture and its time where one is to be looked at.

        Args:
            packet: of one of the two streams.
            arrived_s: the source's time now; None where the packet's own time is all there is, and
                counts from the first picture: in a clip.

        Raises:
            av.error.InvalidDataError, av.error.ArgumentError: it cannot be decoded.
        """
        if packet.stream_index != self._video.index:
            self._keep_sound(packet)
            return None
        if packet.dts is None or packet.pts is None:
            if packet.is_keyframe:
                self._untimed = []
            if packet.is_keyframe or self._untimed:
                self._untimed.append(packet)
            return None
        found = None
        for early in self._timed_first(packet):
            found = self._take_timed(early, arrived_s) or found
        return self._take_timed(packet, arrived_s) or found

    def _timed_first(self, packet: Any) -> list[Any]:
        """The packets before the first one of which FFmpeg knows when it is decoded, with times.

        Of RTSP it knows nothing of the first packet, and with B-frames not when the next few are
        decoded; without them nothing could be decoded or kept up to the next key picture.
        """
        untimed, self._untimed = self._untimed, []
        step = self._frame_ticks(packet)
        count, delay = len(untimed), self._video.codec_context.reorder_depth
        first_pts = packet.dts - (count - delay) * step
        for number, early in enumerate(untimed):
            early.dts = packet.dts - (count - number) * step
            early.pts = max(early.dts, first_pts if early.pts is None else early.pts)
        return untimed

    def next_left(self) -> "tuple[av.VideoFrame, float] | None":
        """At the end of the stream: a picture that is still to be looked at; None without any."""
        return self._decoder.next_left()

    def _take_timed(
        self, packet: "av.Packet[Any]", arrived_s: float | None
    ) -> "tuple[av.VideoFrame, float] | None":
        pts_s, dts_s, unit = stamps_s(packet)
        if arrived_s is None and not self._has_begun:
            self._zero_s = pts_s
        self._has_begun = True
        decode_s = self._state.clock.time_s(dts_s - self._zero_s, arrived_s)
        media = KeptMedia(
            packet,
            decode_s + pts_s - dts_s,
            decode_s,
            (packet.duration or 0) * unit,
            packet.size,
            is_key=packet.is_keyframe,
        )
        self._state.wall.note(packet, decode_s, media.time_s)
        with self._state.feed.lock:  # a clip that is begun changes packets for a moment
            self._state.feed.add(media, self._media_format)
            return self._decoder.add(media)

    def _keep_sound(self, packet: "av.Packet[Any]") -> None:
        offset_s, stamp = (
            self._state.clock.offset_s,
            packet.dts if packet.dts is not None else packet.pts,
        )
        if offset_s is None or stamp is None:  # no picture has come yet
            return
        time_s = float(stamp * packet.time_base) - self._zero_s + offset_s
        duration_s = float((packet.duration or 0) * packet.time_base)
        media = KeptMedia(packet, time_s, time_s, duration_s, packet.size, is_video=False)
        self._state.feed.add(media, self._media_format)

    def _frame_ticks(self, packet: Any) -> int:
        rate = float(self._video.average_rate or self._video.guessed_rate or 30)
        return packet.duration or round(1 / (rate * float(packet.time_base or 1)))


def stamps_s(packet: Any) -> tuple[float, float, float]:
    """When a packet is shown and decoded, as it says, and the unit of its stamps; in seconds."""
    unit = packet.time_base
    return float(packet.pts * unit), float(packet.dts * unit), float(unit)


class _NoOutput:
    """A file object that discards everything."""

    def write(self, data: bytes) -> int:
        return len(data)


def media_format_of(video: "av.VideoStream", sound: "av.AudioStream | None") -> MediaFormat:
    """Templates for muxers that stay valid when the connection is closed.

    PyAV makes a file's streams from other streams only: hence a container without a file.
    """
    holder: Any = av.open(_NoOutput(), "w", format="null")
    kept: list[Any] = []
    identity: list[object] = []
    for stream in filter(None, (video, sound)):
        template = holder.add_stream_from_template(stream, opaque=True)
        template.time_base = stream.time_base
        kept.append(template)
        context: Any = stream.codec_context
        shape = (
            (context.width, context.height)
            if isinstance(context, av.VideoCodecContext)
            else (context.sample_rate, context.channels)
        )
        identity.append((context.name, *shape, bytes(context.extradata or b"")))
    rate = video.average_rate or video.guessed_rate
    return MediaFormat(
        kept[0],
        kept[1] if sound is not None else None,
        tuple(identity),
        float(rate) if rate else None,
    )
