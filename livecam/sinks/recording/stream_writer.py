"""One video stream: encodes pictures, and writes the packets into the file that is open."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.recording.call_thread import TimeLimit
from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.left_files import LeftVideo
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.pre_roll_buffer import PreRollBuffer
from livecam.sinks.recording.recent_packets import RecentPackets
from livecam.sinks.recording.recorded_sound import (
    RecordedSound,
    open_recorded_sound,
    report_losses,
)
from livecam.sinks.recording.timestamps import Timeline, seconds_of
from livecam.sinks.recording.video_file import VideoFile
from livecam.sinks.recording.watched_encoder import CLIP_LIMIT_S, LIVE_LIMIT_S


class StreamWriter:
    """The annotated or the clean stream: an encoder, its pre-roll, and one file after another.

    Attributes:
        file: the file that is open, None between two recordings.
        first_pts: time stamp of the first picture in that file, as given to `add`; None before it.
        recent: what was given to that file last.
        held_bytes: of the packets that wait for a file.
    """

    def __init__(
        self,
        options: RecordingOptions,
        events: RecordingEvents,
        container_format: ContainerFormat,
        size_px: tuple[int, int],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open an encoder for pictures of this (even) size.

        `clock` says for how long it has given no answer.

        Raises:
            SinkError: no encoder works.
        """
        self._options, self._events, self._format = options, events, container_format
        limit_s = LIVE_LIMIT_S if options.encoder.live else CLIP_LIMIT_S
        self._encoder = open_encoder(
            options.encoder,
            size_px,
            container_format.time_base,
            events.report,
            TimeLimit(limit_s, events.stop_asked, clock),
        )
        self._durations: dict[int, int] = {}
        self._pre_roll = PreRollBuffer(options.pre_roll_s) if options.pre_roll_s else None
        self._sound: RecordedSound | None = None
        self._packets: deque[av.Packet[Any]] = deque()
        self._is_held, self.held_bytes = False, 0
        self.recent = RecentPackets()
        self.file: VideoFile | None = None
        self.first_pts: int | None = None

    @property
    def encoder_name(self) -> str:
        """FFmpeg's name of the encoder."""
        return self._encoder.spec.name

    @property
    def end_pts(self) -> int:
        """Where the last picture in the file ends, as given to `add`; 0 before the first."""
        if self.file is None or self.first_pts is None:
            return 0
        return self.first_pts + round(self.file.duration_s / float(self._format.time_base))

    @property
    def safe_pts(self) -> int:
        """Where that part of the file ends which is on the disk, as given to `add`."""
        if self.file is None or self.first_pts is None:
            return 0
        return self.first_pts + round(self.file.safe_s / float(self._format.time_base))

    def seconds_at(self, pts: int | None) -> float | None:
        """Where in the file a time stamp lies; None where there is none, or no picture."""
        if pts is None or self.first_pts is None:
            return None
        return seconds_of(pts - self.first_pts, self._format.time_base)

    def force_key_frame(self) -> None:
        """Make the next picture a key frame: a file may begin with it."""
        self._encoder.force_key_frame()

    def begin_pre_roll_at(self, pts: int) -> None:
        """What a next recording begins with is not older than the picture of this time stamp."""
        if self._pre_roll is not None:
            self._pre_roll.begin_at(pts)
            self.force_key_frame()

    def hold_packets(self) -> None:
        """Keep all packets for a file that will be open later, those of the pre-roll first."""
        self._is_held = True
        self._encoder.force_key_frame()
        self._packets.extend(self._pre_roll.pop_all() if self._pre_roll else [])

    def open_file(
        self, path: Path, thread: DiskThread, metadata: Mapping[str, str], *, replace: bool
    ) -> None:
        """Begin a file that a thread writes; the packets of the pre-roll go into it first.

        Raises:
            SinkError: it cannot be written.
        """
        if not self._is_held:
            self.hold_packets()
        self._begin_file(path, thread, metadata, replace=replace)
        self._is_held, self.held_bytes = False, 0

    def go_on_in(
        self, path: Path, thread: DiskThread, metadata: Mapping[str, str], pts: int
    ) -> LeftVideo | None:
        """Leave the file, and begin another one with the key frame of this time stamp.

        What the file before has of later packets goes into the new one, with the next
        `write_packets`.

        Returns:
            The file before, for somebody to close; None where nothing came into it.

        Raises:
            SinkError: the new one cannot be written.
        """
        file, first_pts = self.file, self.first_pts
        frames, later = self.recent.pop_from(pts)
        self._packets.extendleft(reversed(later))
        if later and self._sound is not None:  # it is read once more from there
            self._sound.close()
            self._sound = None
        self._begin_file(path, thread, metadata, replace=False)
        if file is None or first_pts is None:
            return None
        seconds = seconds_of(pts - first_pts, self._format.time_base)
        return LeftVideo(file, frames, seconds if later else None)

    def _begin_file(
        self, path: Path, thread: DiskThread, metadata: Mapping[str, str], *, replace: bool
    ) -> None:
        if self._sound is not None:
            self._sound.begin_again()
        options, events = self._options, self._events
        self._sound = self._sound or open_recorded_sound(options.sound, self._format, events.notify)
        sound_stream = self._sound.stream if self._sound is not None else None
        self.file = VideoFile(
            path, self._encoder.stream, sound_stream, thread, metadata=metadata, replace=replace
        )
        self.first_pts = None

    def add(self, bgr: BgrImage, pts: int, duration: int) -> None:
        """Encode one picture; `write_packets` writes what is ready.

        Raises:
            EncoderSilentError: the encoder does not answer.
        """
        self._durations[pts] = duration
        for packet in self._encoder.encode(bgr, pts, duration):
            self._add_packet(packet)

    def write_packets(
        self, split_pts: int | None = None, until_pts: int | None = None
    ) -> int | None:
        """Write the packets that are ready.

        Where it fails, it can be called again: with `go_on_in` before, nothing is lost.

        Args:
            split_pts: those from the first key frame at or after this time stamp on are held back.
            until_pts: so are those after this one; None for none.

        Returns:
            The time stamp of the key frame at which it stopped; None where none was held back.

        Raises:
            SinkError: the disk failed.
        """
        while self.file is not None and self._packets:
            packet = self._packets[0]
            pts = packet.pts or 0
            if until_pts is not None and pts > until_pts:
                return None
            if split_pts is not None and packet.is_keyframe and pts >= split_pts:
                self.held_bytes = sum(each.size for each in self._packets)
                return pts
            self._packets.popleft()
            self._write(self.file, packet)
        return None

    def add_sound(self, timeline: Timeline, until_pts: int) -> None:
        """Write the sound up to a time stamp, once the file has its first picture."""
        if self.file is not None and self._sound is not None and self.first_pts is not None:
            for packet, at_s in self._sound.packets_between(timeline, self.first_pts, until_pts):
                self.file.add_sound(packet, at_s)

    def flush(self) -> None:
        """Fetch the last pictures that the encoder holds; it takes none afterwards.

        Raises:
            EncoderSilentError: the encoder does not answer.
        """
        for packet in self._encoder.flush():
            self._add_packet(packet)

    def finish_file(self) -> None:
        """Write the index, and wait until all is on the disk; the file stays until `close_file`.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        if self.file is not None and not self.file.is_broken:
            self.file.close()

    def close_file(self) -> VideoFile | None:
        """Close the file; where it is broken, keep what is safe of it.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        file, self.file = self.file, None
        self.recent.pop_from(0)
        self._packets.clear()
        self._is_held, self.held_bytes = False, 0
        if self._sound is not None:
            if file is not None:
                report_losses(file, self._sound, self._events.notify)
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
        """Free the encoder; the file must have been closed."""
        with suppress(av.error.FFmpegError, ValueError):
            self._encoder.close()

    def _add_packet(self, packet: "av.Packet[Any]") -> None:
        # SVT-AV1 gives no durations, and that of the last picture is the file's.
        packet.duration = self._durations.pop(packet.pts or 0, packet.duration)
        if self.file is not None or self._is_held:
            self._packets.append(packet)
            self.held_bytes += packet.size if self._is_held else 0
        elif self._pre_roll is not None:
            self._pre_roll.add(packet)

    def _write(self, file: VideoFile, packet: "av.Packet[Any]") -> None:
        if self.first_pts is None:
            if not packet.is_keyframe:  # of a picture before the recording
                return
            self.first_pts = packet.pts or 0
        self.recent.add(packet, self.safe_pts)
        file.add(packet)
