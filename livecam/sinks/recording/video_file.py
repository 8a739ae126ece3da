"""One video file being written from packets: whole at every moment, ordinary when closed."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from livecam.core.formatting import reason_of
from livecam.errors import SinkError
from livecam.sinks.recording.container_format import Container, container_of
from livecam.sinks.recording.crash_safe_file import SafeFile


def did_not_open(path: Path, error: BaseException) -> SinkError:
    """What is said of a recording of which there is nothing yet."""
    return SinkError(
        f"the recording {path} did not open ({reason_of(error)}): choose another place for it."
    )


class FileGoneError(Exception):
    """The file was removed or moved while it was written."""


class VideoFile:
    """Takes packets with rising time stamps. Playable up to the last second if killed."""

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
            video: an encoder's stream.
            sound: the stream that sound packets are like, None for a silent file.
            metadata: what the file says about itself.
            replace: whether an existing file may be overwritten.

        Raises:
            SinkError: such packets do not go into such a file.
        """
        # A link is followed, so that the file is the one that will be finished later.
        self.path = path
        self._real_path = path.resolve()
        self._kind = container_of(path)
        self._disk = SafeFile(self._real_path, replace=replace)
        self._first_stamp: int | None = None
        self.frames = 0
        self.duration_s = self.safe_s = 0.0
        self._last_pts = 0
        self.is_broken = self.is_gone = False
        self._lost_because = ""
        self._rescued: Path | None = None
        try:
            self._container = _opened(self._disk, self._kind)
            self._container.metadata.update(metadata)
            self._video = self._container.add_stream_from_template(video)
            self._video.time_base = self._kind.tick
            if video.codec_context.name == "libx265" and self._kind.format == "mp4":
                self._video.codec_context.codec_tag = "hvc1"  # Apple plays no other
            # The header is written with the first packet: a trailer without any packet would be
            # the end of the process (FFmpeg's hybrid MP4, PyAV 18.1).
            self._sound = None if sound is None else _sound_stream(self._container, sound)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise did_not_open(path, error) from error

    @property
    def size_bytes(self) -> int:
        """What is on the disk."""
        return self._disk.size_bytes

    def add(self, packet: "av.Packet[Any]") -> None:
        """Append one packet of video; the first is a key frame and begins the file.

        Raises:
            SinkError: the disk failed; call `abandon`.
        """
        if self._first_stamp is None:
            self._first_stamp = packet.pts or 0
        packet.pts = (packet.pts or 0) - self._first_stamp
        packet.dts = packet.pts  # no frame overtakes another one
        # SVT-AV1 does not tell how long a picture lasts: as long as the one before.
        end = packet.pts + (packet.duration or packet.pts - self._last_pts)
        self._last_pts = packet.pts
        packet.stream = self._video
        self._mux(packet)
        self.frames += 1
        self.duration_s = float(end * self._kind.tick)

    def add_sound(self, packet: "av.Packet[Any]") -> None:
        """Append one packet of sound, its time counted from the beginning of the file."""
        if self._sound is not None:
            packet.stream = self._sound
            self._mux(packet)

    def sync_soon(self) -> None:
        """Bring what was written onto the medium, beside our work.

        Raises:
            SinkError: that failed; call `abandon`.
            FileGoneError: somebody removed or moved the file; `close` saves what there is.
        """
        try:
            self._disk.sync_soon()
        except FileNotFoundError as error:
            self.is_gone = True
            raise FileGoneError from error
        except OSError as error:
            self.is_broken = True
            raise self.failure(error) from error

    def close(self) -> None:
        """Finish the file: an ordinary, seekable one.

        Raises:
            SinkError: the disk failed, or the file was taken away, at the last moment; call
                `abandon`.
        """
        was_gone = self.is_gone
        try:
            self._container.close()
            self._disk.commit()
            self._look_for_it()
            if self.is_gone:
                self._rescue()
            self._disk.finish()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self.is_broken = True
            raise self.failure(error) from error
        self.safe_s = self.duration_s
        if self.is_gone and not was_gone:
            raise self.failure(FileGoneError())

    def abandon(self) -> None:
        """Close after a failure without raising again: everything that is safe stays."""
        self.is_broken = True
        self._disk.give_up()
        with suppress(av.error.FFmpegError, OSError, ValueError):
            self._container.close()
        with suppress(OSError):
            self._disk.finish()

    def failure(self, error: BaseException) -> SinkError:
        """The error that tells the user how much is safe."""
        if self._lost_because:
            return SinkError(
                f"the recording {self.path} was taken away while it was written and is lost: no "
                f"other place took it ({self._lost_because})."
            )
        if self.is_gone and not self.is_broken:
            saved = "is whole, wherever it was moved to"
            if self._rescued is not None:
                saved = f"was saved as {self._rescued}"
            return SinkError(
                f"the recording {self.path} was taken away while it was written: what there was, "
                f"{self.safe_s:.1f} s, {saved}."
            )
        if not self.size_bytes:
            return did_not_open(self.path, error)
        return SinkError(
            f"the recording {self.path} broke off at {self.safe_s:.1f} s ({reason_of(error)}): "
            "what was recorded until then is kept."
        )

    def _rescue(self) -> None:
        try:
            self._rescued = self._disk.rescue()
        except OSError as error:
            self._lost_because = reason_of(error)
            raise

    def _look_for_it(self) -> None:
        try:
            self._disk.check_still_there()
        except FileNotFoundError:
            self.is_gone = True

    def _mux(self, packet: "av.Packet[Any]") -> None:
        before_s = self.duration_s
        try:
            self._container.mux_one(packet)
            if self._disk.holds(self._kind.piece_mark) or self._disk.size_bytes:
                wrote = self._disk.holds(self._kind.piece_mark)
                self._disk.commit()
                if wrote:  # a piece is written when the packet after it comes
                    self.safe_s = before_s
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self.is_broken = True
            raise self.failure(error) from error


def _opened(disk: SafeFile, kind: Container) -> Any:
    """The muxer, whose file is whole again every fifth of a second."""
    return av.open(
        disk,
        "w",
        format=kind.format,
        options=dict(kind.crash_proof),
        # Sound that ends early must not keep pictures waiting.
        container_options={"flush_packets": "1", "max_interleave_delta": "200000"},
    )


def _sound_stream(container: Any, template: "av.AudioStream") -> Any:
    stream = container.add_stream_from_template(template)
    stream.time_base = template.time_base
    return stream
