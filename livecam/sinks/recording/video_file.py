"""A video file that is being muxed: playable at every moment, even if the program is killed."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from livecam.core.formatting import reason_of
from livecam.errors import SinkError
from livecam.native.real_path import real_path
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_space import DiskSpaceLowError
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.file_errors import (
    FileMissingError,
    broken_off,
    not_rescued,
    open_failure,
    taken_away,
)
from livecam.sinks.recording.muxer import Muxer, Templates
from livecam.sinks.recording.timestamps import seconds_of

MP4_MAX_STEP = 2**31 - 1
"""In units of the stream's time base: FFmpeg's muxer takes no longer one."""


class VideoFile:
    """Muxes packets with rising time stamps into a file that holds whole fragments only.

    Attributes:
        path: the file as the user named it.
        frames: packets of video so far.
        duration_s: duration of these.
        is_broken: the disk failed: nothing more can be written.
        is_missing: it is known that the file was removed or moved.
        refused_sound: packets of sound that the muxer did not take.
    """

    def __init__(
        self,
        path: Path,
        video: "av.VideoStream",
        sound: "av.AudioStream | None",
        thread: DiskThread,
        *,
        metadata: Mapping[str, str],
        replace: bool = False,
        copies: bool = False,
    ) -> None:
        """Begin a file.

        Args:
            path: ends in .mp4 or .mkv.
            video: the encoder's stream, as a template.
            sound: the stream of the sound packets, as a template; None for a silent file.
            thread: writes the file.
            metadata: the file's metadata.
            replace: whether an existing file may be overwritten.
            copies: whether the packets are a camera's own: they keep their stamps, which count
                from the first picture that is shown, and are negative before it.

        Raises:
            SinkError: the container format cannot hold such streams.
        """
        self.path, self._metadata, self._replace, self._copies = path, metadata, replace, copies
        self._format, self._thread = container_format_of(path), thread
        self._first_pts: int | None = None
        self.frames = 0
        self.duration_s = 0.0
        self.is_broken = self.is_missing = self._is_closed = False
        self._rescued: Path | None = None
        self._rescue_failure = ""
        self.refused_sound, self._sound_ticks = 0, None if copies else -1
        self._template = video
        try:
            try:
                self._begin(sound)
            except (av.error.FFmpegError, ValueError):
                if sound is None:
                    raise
                self._begin(None)  # sound ends no recording: see `add_sound`
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise open_failure(path, error) from error

    def _begin(self, sound: "av.AudioStream | None") -> None:
        """Begin the container; its header is written with the first packet.

        A trailer without any packet would crash the process (FFmpeg's hybrid MP4, PyAV 18.1).
        """
        # A link is followed, so that the file is the one that is remuxed at the end.
        self._disk_file = CrashSafeFile(real_path(self.path), self._thread, replace=self._replace)
        templates = Templates(self._template, sound, are_copied=self._copies)
        self._muxer = Muxer(self._disk_file, self._format, templates, self._metadata)

    @property
    def size_bytes(self) -> int:
        """How many bytes are on the disk."""
        return self._disk_file.on_disk.size_bytes

    @property
    def has_content(self) -> bool:
        """Whether any frame is on the disk."""
        return self._disk_file.on_disk.has_content

    @property
    def safe_s(self) -> float:
        """Duration of what is on the disk."""
        return self._disk_file.on_disk.safe_s

    def exists(self) -> bool:
        """Whether anything was written and is still there."""
        try:
            return self.has_content and self._thread.call(self.path.exists)
        except (OSError, DiskSilentError):
            return False

    def add(self, packet: "av.Packet[Any]") -> None:
        """Append one packet of video; the first is a key frame and gets the time stamp 0.

        Where packets are copied, their stamps are in the unit of the format.

        Raises:
            SinkError: the disk failed; call `abandon`.
        """
        if not self._copies:
            if self._first_pts is None:
                self._first_pts = packet.pts or 0
            packet.pts = (packet.pts or 0) - self._first_pts
            packet.dts = packet.pts  # there are no B-frames
        end = (packet.pts or 0) + (packet.duration or 0)
        self._mux(packet)
        self.frames += 1
        self.duration_s = max(self.duration_s, seconds_of(end, self._format.time_base))

    def add_sound(self, packet: "av.Packet[Any]", at_s: float) -> None:
        """Append one packet of sound, after the first one of video.

        Sound ends no recording: what the muxer refuses, in memory, is counted.

        Args:
            packet: of the stream that was given as a template.
            at_s: its time since the beginning of the file.

        Raises:
            SinkError: the disk failed; call `abandon`.
        """
        if self._muxer.sound is None:
            self.refused_sound += 1
            return
        unit = self._muxer.sound.time_base  # the muxer's own, since the header is written
        duration = round((packet.duration or 0) * (packet.time_base or unit) / unit)
        # Only Matroska allows equal time stamps; there some packets are shorter than its unit.
        ticks = round(at_s / unit)
        last = ticks - 1 if self._sound_ticks is None else self._sound_ticks
        ticks = max(ticks, last + (self._format.name != "matroska"))
        if self._format.name == "mp4" and ticks - last >= MP4_MAX_STEP:
            self.refused_sound += 1  # the muxer would take it, at a wrong time
            return
        self._sound_ticks = ticks
        packet.time_base = unit
        packet.pts = packet.dts = ticks
        packet.duration = duration
        try:
            self._muxer.add_sound(packet)
        except (av.error.FFmpegError, ValueError):
            self.refused_sound += 1
            return
        try:
            self._commit()
        except OSError as error:
            raise self._broken(error) from error

    def sync(self) -> None:
        """Force what was written onto the medium; may stall, and is called beside the writing.

        Raises:
            OSError: that failed; `add` and `close` fail from now on, too.
        """
        self._disk_file.on_disk.sync()

    def check_path(self) -> None:
        """Check that the file is still there; called in the thread that writes it.

        Raises:
            FileMissingError: the file was removed or moved; `close` rescues it.
            OSError: the file system gives no answer.
        """
        try:
            self._disk_file.on_disk.check_path()
        except FileNotFoundError as error:
            self.is_missing = True
            raise FileMissingError from error

    def close(self) -> None:
        """Write the index and close the file.

        Raises:
            SinkError: the disk failed, or the file was found missing; call `abandon`.
        """
        try:
            self._muxer.close()
            self._disk_file.commit(self.duration_s)
            self._check_path()
            if self.is_missing:
                self._rescue()
            self._disk_file.finish()
        except (av.error.FFmpegError, OSError, ValueError, DiskSilentError) as error:
            raise self._broken(error) from error
        self._is_closed = True
        if self.is_missing:
            raise self.failure(FileMissingError())

    def abandon(self) -> None:
        """Close after a failure, without raising again: everything that is safe stays."""
        if self._is_closed:
            return
        self.is_broken = True
        self._disk_file.abandon()
        with suppress(av.error.FFmpegError, OSError, ValueError):
            self._muxer.close()
        with suppress(OSError, DiskSilentError):
            self._disk_file.finish()

    def failure(self, error: BaseException) -> SinkError:
        """The error that says how much of the recording is safe, and where."""
        if isinstance(error, DiskSpaceLowError):
            return SinkError(
                f"the recording {self.path} was closed at {self.safe_s:.1f} s and is whole: {error}"
            )
        if self._rescue_failure:
            return not_rescued(self.path, self._rescue_failure)
        if self.is_missing and not self.is_broken:
            return taken_away(self.path, self.safe_s, self._rescued)
        if not self.has_content:
            return open_failure(self.path, error)
        return broken_off(self.path, self.safe_s, error)

    def _check_path(self) -> None:
        try:
            self._disk_file.check_path()
        except FileNotFoundError:
            self.is_missing = True

    def _rescue(self) -> None:
        try:
            self._rescued = self._disk_file.rescue()
        except (OSError, DiskSilentError) as error:
            self._rescue_failure = reason_of(error)
            raise

    def _mux(self, packet: "av.Packet[Any]") -> None:
        """Mux one packet of video; the header comes with the first."""
        try:
            try:
                self._muxer.add(packet)
            except (av.error.FFmpegError, ValueError):
                if self.frames or self._muxer.sound is None:
                    raise
                self._begin_without_sound(packet)
            self._commit()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise self._broken(error) from error

    def _broken(self, error: BaseException) -> SinkError:
        self.is_broken = True
        with suppress(DiskSilentError):
            self._disk_file.settle()  # the error says how much is safe
        return self.failure(error)

    def _begin_without_sound(self, packet: "av.Packet[Any]") -> None:
        """The header was refused, perhaps for the sound: try without; nothing is written yet."""
        self._disk_file.abandon()
        self._begin(None)
        self._muxer.add(packet)

    def _commit(self) -> None:
        """Commit what the muxer wrote once it is a fragment: the first packet after it has come."""
        is_fragment = self._disk_file.has_pending(self._format.fragment_start)
        if is_fragment or self._disk_file.is_begun:
            self._disk_file.commit(self.duration_s if is_fragment else 0.0)
