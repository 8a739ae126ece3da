"""A day's time-lapse: one file that grows by a picture a minute, and plays at every moment.

Every picture is a fragment of the file, and written when the next one comes: a killed program
loses the newest one at most. One that is started again goes on with the same file: its pictures
are copied, encoded as they are, to the beginning of a new one, and the old one is deleted when they
are on the medium. Where they do not fit together (another size, another encoder), another file is
begun.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av  # after OpenCV: see livecam/sinks/__init__.py
from av.bitstream import BitStreamFilterContext

from livecam.core.formatting import reason_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.native.ffmpeg_url import file_url
from livecam.sinks.output_paths import numbered_stems
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.encoder_catalogue import EncoderRequest

RATE = 24
"""Pictures a second when it is played: an hour of them in 2.5 seconds."""

TIME_BASE = Fraction(1, 90_000)
_STEP = round(1 / TIME_BASE / RATE)
_REQUEST = EncoderRequest("h264", "good", float(RATE), live=True, is_steady=True)
_OPTIONS = {"movflags": "hybrid_fragmented+frag_every_frame"}
_ERRORS = (av.error.FFmpegError, OSError, ValueError, DiskSilentError)


class Timelapse:
    """The time-lapse of one day and camera, open for more pictures of one size.

    Attributes:
        path: the file.
        pictures: how many are in it.
        size_px: width and height of them.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], thread: DiskThread) -> None:
        """Begin the file, or go on with the one that is there.

        Args:
            path: ends in .mp4; with a number before that where the pictures do not fit those that
                are there.
            size_px: width and height of the pictures.
            thread: writes the file.

        Raises:
            SinkError: it cannot be written.
        """
        self.size_px = size_px
        self.pictures = 0
        width, height = size_px
        self._even_px = width + width % 2, height + height % 2
        self._encoder = open_encoder(_REQUEST, self._even_px, TIME_BASE)
        try:
            self.path = next(each for each in _names(path) if self._can_go_on(each))
            self._open(thread)
        except _ERRORS as error:
            self._encoder.close()
            raise _not_written(path, error) from error

    def add(self, bgr: BgrImage) -> None:
        """Append a picture; when this returns, all before it are in the file.

        Args:
            bgr: uint8 [height, width, 3], of `size_px`.

        Raises:
            SinkError: it could not be written; close it.
        """
        try:
            for packet in self._encoder.encode(_even(bgr), self.pictures * _STEP, _STEP):
                self._append(packet)
            self._settle()
        except _ERRORS as error:
            raise _not_written(self.path, error) from error

    def close(self) -> None:
        """Write the index and close the file.

        Raises:
            SinkError: that failed; what was there before plays all the same.
        """
        try:
            for packet in self._encoder.flush():
                self._append(packet)
            self._container.close()
            self._file.commit(self._duration_s)
            self._file.finish()
        except _ERRORS as error:
            self._file.abandon()
            with suppress(OSError, DiskSilentError):
                self._file.finish()
            raise _not_written(self.path, error) from error
        finally:
            self._encoder.close()

    @property
    def _duration_s(self) -> float:
        return self.pictures / RATE

    def _can_go_on(self, path: Path) -> bool:
        """Whether there is no file of this name, or one that has the same kind of pictures."""
        _finish_copy(path)
        if not os.path.lexists(path):
            return True
        try:
            with av.open(file_url(path)) as container:
                there = container.streams.video[0].codec_context
                wanted = self._encoder.stream.codec_context
                is_same = _parameter_sets(there.extradata) == _parameter_sets(wanted.extradata)
                is_same &= (there.width, there.height) == self._even_px
            return is_same and sum(1 for _ in _packets(path)) > 0
        except (av.error.FFmpegError, OSError, ValueError, IndexError):
            return False

    def _open(self, thread: DiskThread) -> None:
        """Begin the file with what is there; where that fails, everything stays as it was."""
        if self.path.exists():
            self.path.replace(_earlier(self.path))
        self._file = CrashSafeFile(self.path, thread, replace=False)
        try:
            self._begin(_earlier(self.path))
        except _ERRORS:
            self._file.abandon()
            with suppress(OSError, DiskSilentError):
                self._file.finish()
            _finish_copy(self.path)
            raise

    def _begin(self, earlier: Path) -> None:
        self._container: Any = av.open(
            self._file,
            "w",
            format="mp4",
            options=dict(_OPTIONS),
            container_options={"flush_packets": "1"},
        )
        self._stream = self._container.add_stream_from_template(self._encoder.stream)
        self._stream.time_base = TIME_BASE
        if earlier.exists():
            for packet in _packets(earlier):
                self._append(packet)
            self._settle()
            self._file.on_disk.sync()
            earlier.unlink()
        self._encoder.force_key_frame()

    def _settle(self) -> None:
        """Wait until all that was appended is on the disk; raises what failed there."""
        self._file.settle()
        if self._file.on_disk.failure is not None:
            raise self._file.on_disk.failure

    def _append(self, packet: "av.Packet[Any]") -> None:
        packet.pts = packet.dts = self.pictures * _STEP
        packet.time_base, packet.duration, packet.stream = TIME_BASE, _STEP, self._stream
        self._container.mux_one(packet)
        self.pictures += 1
        if self._file.is_begun or self._file.has_pending(b"moof"):  # no file of a header alone
            self._file.commit(self._duration_s)


def _names(path: Path) -> Iterator[Path]:
    """The name itself, then with _2, _3 ..."""
    return (path.with_stem(stem) for stem in numbered_stems(path.stem))


def _earlier(path: Path) -> Path:
    """What the file is called while its pictures are copied."""
    return path.with_name(f".{path.stem}.earlier{path.suffix}")


def _finish_copy(path: Path) -> None:
    """A killed program left both: the copy is not complete, so the earlier file counts."""
    earlier = _earlier(path)
    if earlier.exists():
        earlier.replace(path)


def _packets(path: Path) -> Iterator["av.Packet[Any]"]:
    """All pictures of a file, encoded, as the encoder gave them."""
    with av.open(file_url(path)) as container:
        stream = container.streams.video[0]
        as_encoded = BitStreamFilterContext("h264_mp4toannexb", stream)
        for packet in container.demux(stream):
            if packet.size:
                yield from as_encoded.filter(packet)


def _parameter_sets(extradata: bytes | None) -> list[bytes]:
    """How pictures of H.264 are encoded, as MP4 or an encoder write it: ISO/IEC 14496-15, 5.3.3."""
    data = extradata or b""
    if not data.startswith(b"\x01"):
        return [each.rstrip(b"\0") for each in data.split(b"\0\0\1") if each.strip(b"\0")]
    found, at = [], 5
    for mask in (0x1F, 0xFF):
        count, at = data[at] & mask, at + 1
        for _ in range(count):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            found.append(data[at + 2 : end])
            at = end
    return found


def _even(bgr: BgrImage) -> BgrImage:
    """Sides that are even, as the encoder wants them; the last row or column is repeated."""
    import cv2

    height, width = bgr.shape[:2]
    if width % 2 == 0 and height % 2 == 0:
        return bgr
    border = cv2.copyMakeBorder(bgr, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return BgrImage(border)  # type: ignore[arg-type]


def _not_written(path: Path, error: BaseException) -> SinkError:
    return SinkError(f"the time-lapse {path} could not be written: {reason_of(error)}.")
