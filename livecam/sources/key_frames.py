"""Decodes single pictures of a stream: key frames one at a time, or runs of frames between them.

A key frame needs no other frame, so only its own packet goes to the decoder, which is emptied
after each one: with frames that are reordered it would otherwise come two key frames late. What
does not come out of that as one whole picture is not plain, and has to be decoded in order.
"""

from typing import Any

import av


class NotPlainError(Exception):
    """Packets of this stream cannot be left out, for this reason; decode all of them in order."""


class PictureDecoder:
    """Decodes pictures of one stream whose packets somebody else reads.

    Attributes:
        is_running: whether frames are decoded one after the other.
    """

    def __init__(self, stream: "av.VideoStream", *, all_frames: bool = False) -> None:
        """Nothing is decoded yet.

        Args:
            stream: of an opened container; decoded in one thread.
            all_frames: whether a run has also the frames that no other frame needs.
        """
        self._stream, self._all_frames = stream, all_frames
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        self.is_running = False

    def decode_alone(self, key: "av.Packet[Any]") -> "av.VideoFrame":
        """The picture of a key packet, at once.

        Raises:
            NotPlainError: it does not come out whole.
        """
        frames = [*self._decoded(key), *self._decoded(None)]
        self._stream.codec_context.flush_buffers()
        if len(frames) != 1 or not frames[0].key_frame or frames[0].pts != key.pts:
            raise NotPlainError("a key frame cannot be decoded alone")
        return frames[0]

    def begin_run(self) -> None:
        """What is fed from now on is decoded in order, from a key packet on."""
        self.is_running = True
        if not self._all_frames:  # heard by H.264, H.265 and VP9; others decode all of them
            self._stream.codec_context.skip_frame = "NONREF"

    def feed(self, packet: "av.Packet[Any]") -> list["av.VideoFrame"]:
        """The frames that are complete with the next packet of a run.

        Raises:
            NotPlainError: it is damaged.
        """
        return self._decoded(packet)

    def end_run(self) -> list["av.VideoFrame"]:
        """The frames that a run still held back."""
        frames = self._decoded(None)
        context = self._stream.codec_context
        context.flush_buffers()
        context.skip_frame = "DEFAULT"  # only now: in a run it would give wrong pictures
        self.is_running = False
        return frames

    def _decoded(self, packet: "av.Packet[Any] | None") -> list["av.VideoFrame"]:
        try:
            frames: list[av.VideoFrame] = list(self._stream.decode(packet))
        except (av.error.InvalidDataError, av.error.ArgumentError) as error:
            raise NotPlainError("a packet cannot be decoded") from error
        except av.error.EOFError:
            return []
        for frame in frames:
            frame.time_base = self._stream.time_base
            if frame.is_corrupt or frame.interlaced_frame or frame.pts is None:
                raise NotPlainError("a frame is damaged, interlaced or without a time")
        return frames


_BEFORE_S = (0.0, 2.0, 15.0, 1e6)
"""Seconds before a key frame at which is sought, one after the other: some formats seek to the
wrong side of it."""


def seek_key_frame(
    container: "av.container.InputContainer", stream: "av.VideoStream", timestamp: int
) -> None:
    """Let the key packet with this time be among the next ones, and no later key packet before it.

    Raises:
        NotPlainError: it cannot be found.
    """
    unit_s = float(stream.time_base or 0) or 1.0
    for before_s in _BEFORE_S:
        place = max(stream.start_time or 0, timestamp - round(before_s / unit_s))
        container.seek(place, stream=stream)
        if _comes_next(container, stream, timestamp):
            container.seek(place, stream=stream)
            return
    raise NotPlainError("a key frame cannot be sought")


def _comes_next(
    container: "av.container.InputContainer", stream: "av.VideoStream", timestamp: int
) -> bool:
    for packet in container.demux(stream):
        if packet.is_keyframe and packet.pts is not None and packet.pts >= timestamp:
            return packet.pts == timestamp
    return False
