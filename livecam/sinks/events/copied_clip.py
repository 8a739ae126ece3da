"""The clip of an event out of a camera's own packets: nothing is encoded again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from livecam.core.watching.kept_media import ClipBeginning, KeptMedia, MediaFormat
from livecam.errors import SinkError
from livecam.sinks.events.clip_closing import ClipDisk
from livecam.sinks.events.clip_metadata import clip_metadata
from livecam.sinks.events.clip_sound import ClipSound, clip_sound
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.recording_disk import check_begin
from livecam.sinks.recording.video_file import VideoFile


class CopiedClip:
    """Copies packets into a file; a core.watching.kept_media.ClipFile.

    It has to begin with a key picture. Where that is earlier than the first picture that is wanted,
    an edit list leaves out what comes before it: players begin with the wanted one.
    """

    def __init__(
        self, beginning: ClipBeginning, media_format: MediaFormat, disk_space: DiskSpaceMonitor
    ) -> None:
        """Begin a file.

        Raises:
            SinkError: it cannot be made.
        """
        check_begin(disk_space, beginning.path)
        self._begin_s = beginning.begin_s
        self._format = container_format_of(beginning.path)
        self._sound: ClipSound | None = clip_sound(media_format.sound, self._format)
        self._disk = ClipDisk(disk_space)
        try:
            self._file = VideoFile(
                beginning.path,
                media_format.video,
                self._sound.stream if self._sound is not None else None,
                self._disk.recording_disk.writer,
                metadata=clip_metadata(beginning.at),
                copies=True,
            )
        except SinkError as error:
            self._disk.fail(None, error)
            raise
        self._decoded_s: list[float] = []
        self._last_dts: int | None = None
        self._is_waiting_for_key = False
        self.dropped = 0

    @property
    def is_finished(self) -> bool:
        """Whether it is closed, or failed: `close` waits for nothing."""
        return self._disk.is_closed

    def add(self, media: KeptMedia) -> None:
        """Append one packet.

        Raises:
            SinkError: the disk failed; what is safe stays.
        """
        try:
            if media.is_video:
                self._add_video(media)
            elif self._sound is not None and self._decoded_s:
                for packet, at_s in self._sound.packets_of(media):
                    with _restored(packet):
                        self._file.add_sound(packet, at_s - self._begin_s)
            self._disk.check(self._file)
        except SinkError as error:
            self._disk.fail(self._file, error)
            raise

    def finish(self, until_s: float | None) -> None:
        """Nothing more will come: let the file be closed; returns at once."""
        cut_s = None if until_s is None else until_s - self._begin_s
        if self._sound is not None:
            self._sound.close()
        self._disk.begin_closing(self._file, self._decoded_s, cut_s)

    def close(self) -> None:
        """Wait until it is closed.

        Raises:
            SinkError: it could not be written to its end.
        """
        self._disk.wait()

    def _add_video(self, media: KeptMedia) -> None:
        if self._disk.is_behind or (self._is_waiting_for_key and not media.is_key):
            self._is_waiting_for_key = True
            self.dropped += 1
            return
        self._is_waiting_for_key = False
        unit = self._format.time_base
        packet, decode_s = media.data, media.decode_s - self._begin_s
        reordered = max(0, round((media.time_s - media.decode_s) / unit))
        dts = round(decode_s / unit)
        if self._last_dts is not None:
            dts = max(dts, self._last_dts + 1)
        self._last_dts = dts
        with _restored(packet):
            packet.time_base, packet.dts, packet.pts = unit, dts, dts + reordered
            packet.duration = round(media.duration_s / unit)
            self._file.add(packet)
        self._decoded_s.append(float(dts * unit))


@contextmanager
def _restored(packet: Any) -> Iterator[None]:
    """Leave a packet as it was: others need it, too."""
    before = packet.pts, packet.dts, packet.duration, packet.time_base
    try:
        yield
    finally:
        packet.time_base = before[3]
        packet.pts, packet.dts, packet.duration = before[:3]
