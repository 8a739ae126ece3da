"""One picture's way into a file: its encoder, the ring before it, the file and its sound."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from livecam.core.formatting import reason_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.recording.container_format import Container
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.options import Plan, Say
from livecam.sinks.recording.pre_roll_buffer import Ring
from livecam.sinks.recording.sound import Sound
from livecam.sinks.recording.video_file import VideoFile


class Track:
    """Annotated or clean: pictures in, a file out while one is open."""

    def __init__(
        self, plan: Plan, kind: Container, size_px: tuple[int, int], *, notify: Say, report: Say
    ) -> None:
        """Open an encoder for pictures of this (even) size.

        Raises:
            SinkError: there is none.
        """
        self._plan, self._kind, self._notify = plan, kind, notify
        self._encoder = open_encoder(plan.wish, size_px, kind.tick, report)
        self._ring = Ring(plan.before_s) if plan.before_s else None
        self._sound: Sound | None = None
        self.file: VideoFile | None = None
        self.first_stamp: int | None = None

    @property
    def encoder_name(self) -> str:
        """What FFmpeg calls the encoder."""
        return self._encoder.choice.name

    def begin(self, path: Path, metadata: Mapping[str, str], *, replace: bool) -> None:
        """Open a file; what the ring holds goes into it first.

        Raises:
            SinkError: it cannot be written.
        """
        self._sound = self._opened_sound()
        stream = self._sound.stream if self._sound is not None else None
        self.file = VideoFile(
            path, self._encoder.stream, stream, metadata=metadata, replace=replace
        )
        self.first_stamp = None
        self._encoder.want_key()
        for packet in self._ring.take() if self._ring else []:
            self._into_file(self.file, packet)

    def add(self, bgr: BgrImage, stamp: int, duration: int) -> None:
        """One picture more.

        Raises:
            SinkError: the disk failed.
        """
        for packet in self._encoder.encode(bgr, stamp, duration):
            self._route(packet)

    def add_sound(self, begin_s: float, end_s: float) -> None:
        """The clip's sound from `begin_s` (once) to `end_s`, in the clip's time."""
        if self.file is not None and self._sound is not None:
            for packet in self._sound.until(begin_s, end_s):
                self.file.add_sound(packet)

    def drain(self) -> None:
        """Bring the last pictures out of the encoder; it takes none afterwards."""
        for packet in self._encoder.flush():
            self._route(packet)

    def close_file(self) -> VideoFile | None:
        """Close the file properly, or leave what is safe of it where it is broken.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        file, self.file = self.file, None
        if self._sound is not None:
            self._sound.close()
            self._sound = None
        if file is None:
            return None
        if file.is_broken:
            file.abandon()
            return file
        try:
            file.close()
        except SinkError:
            file.abandon()
            raise
        return file

    def close(self) -> None:
        """Let the encoder go, after the file."""
        with suppress(av.error.FFmpegError, ValueError):
            self._encoder.close()

    def _route(self, packet: "av.Packet[Any]") -> None:
        if self.file is not None:
            self._into_file(self.file, packet)
        elif self._ring is not None:
            self._ring.add(packet)

    def _into_file(self, file: VideoFile, packet: "av.Packet[Any]") -> None:
        if self.first_stamp is None:
            if not packet.is_keyframe:  # of a picture before the recording
                return
            self.first_stamp = packet.pts or 0
        file.add(packet)

    def _opened_sound(self) -> Sound | None:
        audible = self._plan.sound
        if audible is None:
            return None
        path = audible.sound_path
        try:
            return Sound(path, self._kind, self._notify, zero_s=audible.began_s)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            if "no sound" not in str(error):
                self._notify(f"recording without sound: {path} ({reason_of(error)})")
            return None
