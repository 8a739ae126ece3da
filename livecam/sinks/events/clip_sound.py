"""The sound of an event's clip: the camera's own packets, or encoded anew where MP4 takes none."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import av

from livecam.core.watching.kept_media import KeptMedia
from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.sound_encoder import PlacedPacket, SoundEncoder


class ClipSound:
    """Gives the packets of sound as a file takes them.

    Attributes:
        stream: as a template for a muxer.
    """

    def __init__(self, source: Any, *, is_copied: bool) -> None:
        """Open decoder and encoder where it is not copied.

        Raises:
            av.error.FFmpegError, ValueError: it cannot be decoded.
        """
        self._decoder: Any = None
        self._encoder: SoundEncoder | None = None
        if not is_copied:
            of_source = source.codec_context
            self._decoder = av.CodecContext.create(of_source.name, "r")
            self._decoder.sample_rate, self._decoder.layout = (
                of_source.sample_rate,
                of_source.layout,
            )
            self._decoder.extradata = of_source.extradata
            self._encoder = SoundEncoder(of_source.sample_rate, source.channels)
        self.stream: Any = source if self._encoder is None else self._encoder.stream

    def packets_of(self, media: KeptMedia) -> Iterator[PlacedPacket]:
        """The packets for the file, each with its time on the source's clock."""
        if self._encoder is None:
            yield media.data, media.time_s
            return
        with suppress(av.error.FFmpegError, ValueError):  # damaged sound ends no clip
            at_s = media.time_s
            for frame in self._decoder.decode(media.data):
                yield from self._encoder.encode(frame, at_s)
                at_s += frame.samples / frame.sample_rate

    def close(self) -> None:
        """Free the encoder."""
        if self._encoder is not None:
            self._encoder.close()


def clip_sound(source: Any, container_format: ContainerFormat) -> ClipSound | None:
    """The sound of a stream; None where there is none, or it can be neither copied nor decoded."""
    if source is None:
        return None
    context = source.codec_context
    # AAC of a transport stream has its parameters in every packet instead of once in front, where
    # the muxer wants them before the first packet is there.
    has_parameters = context.name != "aac" or bool(context.extradata)
    is_copied = context.name in container_format.sound_codecs and has_parameters
    try:
        return ClipSound(source, is_copied=is_copied)
    except (av.error.FFmpegError, ValueError):
        return None
