"""PyAV's muxer for a file that is to be playable at every moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import av

from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.crash_safe_file import CrashSafeFile

_HEVC_NAMES = frozenset({"libx265", "hevc"})


@dataclass(frozen=True, slots=True)
class Templates:
    """What the streams of a file are like.

    Attributes:
        video: a stream of an encoder, or of a camera.
        sound: the same of its sound; None for a silent file.
        are_copied: whether the packets are a camera's own: there may be B-frames, and pictures
            that only others need.
    """

    video: "av.VideoStream"
    sound: "av.AudioStream | None"
    are_copied: bool = False


class Muxer:
    """An open muxer; its header is written with the first packet.

    Attributes:
        sound: the file's stream of sound; None in a silent file.
    """

    def __init__(
        self,
        file: CrashSafeFile,
        container_format: ContainerFormat,
        templates: Templates,
        metadata: Mapping[str, str],
    ) -> None:
        """Write nothing yet.

        Raises:
            av.error.FFmpegError, ValueError: the format cannot hold such streams.
        """
        is_copy = templates.are_copied
        options = container_format.copy_options if is_copy else container_format.crash_safe_options
        self._container: Any = av.open(
            file,
            "w",
            format=container_format.name,
            options=dict(options),
            # Sound that ends early must not keep pictures waiting.
            container_options={"flush_packets": "1", "max_interleave_delta": "200000"},
        )
        self._container.metadata.update(metadata)
        self._video = self._container.add_stream_from_template(templates.video, opaque=is_copy)
        self._video.time_base = container_format.time_base
        name = templates.video.codec_context.name
        if name in _HEVC_NAMES and container_format.name == "mp4":
            self._video.codec_context.codec_tag = "hvc1"  # Apple plays no other
        self.sound: Any = None
        if templates.sound is not None:
            self.sound = self._container.add_stream_from_template(templates.sound)
            self.sound.time_base = templates.sound.time_base

    def add(self, packet: "av.Packet[Any]") -> None:
        """Mux one packet of video."""
        packet.stream = self._video
        self._container.mux_one(packet)

    def add_sound(self, packet: "av.Packet[Any]") -> None:
        """Mux one packet of sound; only where there is a stream of it."""
        packet.stream = self.sound
        self._container.mux_one(packet)

    def close(self) -> None:
        """Write the index."""
        self._container.close()
