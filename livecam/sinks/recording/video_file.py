"""A video file that is being muxed: playable at every moment, even if the program is killed."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from livecam.core.formatting import reason_of
from livecam.errors import SinkError
from livecam.sinks.recording.container_format import ContainerFormat, container_format_of
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_space import DiskSpaceLowError


def open_failure(path: Path, error: BaseException) -> SinkError:
    """The error of a recording of which nothing was written."""
    return SinkError(
        f"the recording {path} did not open ({reason_of(error)}): choose another place for it."
    )


class FileMissingError(Exception):
    """The file was removed, moved or replaced while it was written."""


class VideoFile:
    """Muxes packets with rising time stamps into a file that holds whole fragments only.

    Attributes:
        path: the file as the user named it.
        frames: packets of video so far.
        duration_s: duration of these.
        safe_s: duration of what is on the disk.
        is_broken: the disk failed: nothing more can be written.
        is_missing: the file was removed or moved.
        refused_sound: packets of sound that the muxer did not take.
    """

    def __init__(
        self,
        path: Path,
        video: "av.VideoStream",
        sound: "av.AudioStream | None",
        *,
        metadata: Mapping[str, str],
        replace: bool = False,
    ) -> None:
        """Begin a file.

        Args:
            path: ends in .mp4 or .mkv.
            video: the encoder's stream, as a template.
            sound: the stream of the sound packets, as a template; None for a silent file.
            metadata: the file's metadata.
            replace: whether an existing file may be overwritten.

        Raises:
            SinkError: the container format cannot hold such streams.
        """
        self.path, self._metadata, self._replace = path, metadata, replace
        self._format = container_format_of(path)
        self._first_pts: int | None = None
        self.frames = 0
        self.duration_s = self.safe_s = 0.0
        self.is_broken = self.is_missing = False
        self._rescued: Path | None = None
        self._rescue_failure = ""
        self.refused_sound, self._sound_ticks = 0, -1
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
        self._disk_file = CrashSafeFile(self.path.resolve(), replace=self._replace)
        self._container = _open_muxer(self._disk_file, self._format)
        self._container.metadata.update(self._metadata)
        self._video = self._container.add_stream_from_template(self._template)
        self._video.time_base = self._format.time_base
        if self._template.codec_context.name == "libx265" and self._format.name == "mp4":
            self._video.codec_context.codec_tag = "hvc1"  # Apple plays no other
        self._sound = None if sound is None else _add_sound_stream(self._container, sound)

    @property
    def size_bytes(self) -> int:
        """How many bytes are on the disk."""
        return self._disk_file.size_bytes

    def add(self, packet: "av.Packet[Any]") -> None:
        """Append one packet of video; the first is a key frame and gets the time stamp 0.

        Raises:
            SinkError: the disk failed; call `abandon`.
        """
        if self._first_pts is None:
            self._first_pts = packet.pts or 0
        packet.pts = (packet.pts or 0) - self._first_pts
        packet.dts = packet.pts  # there are no B-frames
        end = packet.pts + (packet.duration or 0)
        packet.stream = self._video
        self._mux(packet)
        self.frames += 1
        self.duration_s = float(end * self._format.time_base)

    def add_sound(self, packet: "av.Packet[Any]", at_s: float) -> None:
        """Append one packet of sound, after the first one of video.

        Sound ends no recording: what the muxer refuses is counted. (It writes into memory only;
        the disk comes in at the commit.)

        Args:
            packet: of the stream that was given as a template.
            at_s: its time since the beginning of the file.

        Raises:
            SinkError: the disk failed; call `abandon`.
        """
        if self._sound is None:
            self.refused_sound += 1
            return
        unit = self._sound.time_base  # the muxer's own, since the header is written
        duration = round((packet.duration or 0) * (packet.time_base or unit) / unit)
        # Only Matroska allows equal time stamps; there some packets are shorter than its unit.
        lowest = self._sound_ticks + (self._format.name != "matroska")
        self._sound_ticks = max(round(at_s / unit), lowest)
        packet.time_base, packet.stream = unit, self._sound
        packet.pts = packet.dts = self._sound_ticks
        packet.duration = duration
        try:
            self._container.mux_one(packet)
        except (av.error.FFmpegError, ValueError):
            self.refused_sound += 1
            return
        try:
            self._commit()
        except OSError as error:
            self.is_broken = True
            raise self.failure(error) from error

    def sync_in_background(self) -> None:
        """Force what was written onto the medium, in another thread.

        Raises:
            SinkError: the sync before failed; call `abandon`.
            FileMissingError: the file was removed or moved; `close` rescues it.
        """
        try:
            self._disk_file.sync_in_background()
        except FileNotFoundError as error:
            self.is_missing = True
            raise FileMissingError from error
        except OSError as error:
            self.is_broken = True
            raise self.failure(error) from error

    def close(self) -> None:
        """Write the index and close the file.

        Raises:
            SinkError: the disk failed, or the file was found missing; call `abandon`.
        """
        was_missing = self.is_missing
        try:
            self._container.close()
            self._disk_file.commit()
            self._check_path()
            if self.is_missing:
                self._rescue()
            self._disk_file.finish()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self.is_broken = True
            raise self.failure(error) from error
        self.safe_s = self.duration_s
        if self.is_missing and not was_missing:
            raise self.failure(FileMissingError())

    def abandon(self) -> None:
        """Close after a failure, without raising again: everything that is safe stays."""
        self.is_broken = True
        self._disk_file.abandon()
        with suppress(av.error.FFmpegError, OSError, ValueError):
            self._container.close()
        with suppress(OSError):
            self._disk_file.finish()

    def failure(self, error: BaseException) -> SinkError:
        """The error that says how much of the recording is safe, and where."""
        if isinstance(error, DiskSpaceLowError):
            return SinkError(
                f"the recording {self.path} was closed at {self.safe_s:.1f} s and is whole: {error}"
            )
        if self._rescue_failure:
            return SinkError(
                f"the recording {self.path} was taken away while it was written and is lost: no "
                f"other place took it ({self._rescue_failure})."
            )
        if self.is_missing and not self.is_broken:
            saved = "is whole, wherever it was moved to"
            if self._rescued is not None:
                saved = f"was saved as {self._rescued}"
            return SinkError(
                f"the recording {self.path} was taken away while it was written: what there was, "
                f"{self.safe_s:.1f} s, {saved}."
            )
        if not self.size_bytes:
            return open_failure(self.path, error)
        return SinkError(
            f"the recording {self.path} broke off at {self.safe_s:.1f} s ({reason_of(error)}): "
            "what was recorded until then is kept."
        )

    def _check_path(self) -> None:
        try:
            self._disk_file.check_path()
        except FileNotFoundError:
            self.is_missing = True

    def _rescue(self) -> None:
        try:
            self._rescued = self._disk_file.rescue()
        except OSError as error:
            self._rescue_failure = reason_of(error)
            raise

    def _mux(self, packet: "av.Packet[Any]") -> None:
        """Mux one packet of video; the header comes with the first."""
        try:
            try:
                self._container.mux_one(packet)
            except (av.error.FFmpegError, ValueError):
                if self.frames or self._sound is None:
                    raise
                self._begin_without_sound(packet)
            self._commit()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self.is_broken = True
            raise self.failure(error) from error

    def _begin_without_sound(self, packet: "av.Packet[Any]") -> None:
        """The header was refused, perhaps for the sound: try without; nothing is written yet."""
        self._disk_file.abandon()
        self._disk_file.finish()
        self._begin(None)
        packet.stream = self._video
        self._container.mux_one(packet)

    def _commit(self) -> None:
        """Commit what the muxer wrote once it is a whole fragment."""
        is_fragment = self._disk_file.has_pending(self._format.fragment_start)
        if is_fragment or self._disk_file.size_bytes:
            self._disk_file.commit()
            if is_fragment:  # it is written when the first packet after it comes
                self.safe_s = self.duration_s


def _open_muxer(file: CrashSafeFile, container_format: ContainerFormat) -> Any:
    """The muxer of PyAV; it writes a complete fragment every 0.2 s."""
    return av.open(
        file,
        "w",
        format=container_format.name,
        options=dict(container_format.crash_safe_options),
        # Sound that ends early must not keep pictures waiting.
        container_options={"flush_packets": "1", "max_interleave_delta": "200000"},
    )


def _add_sound_stream(container: Any, template: "av.AudioStream") -> Any:
    stream = container.add_stream_from_template(template)
    stream.time_base = template.time_base
    return stream
