"""Recording: H.264 in MP4 or Matroska, each frame at its own time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np

from livecam.errors import SettingsError, SinkError
from livecam.sinks.files import Now, dated_path, made_folder, refuse_existing
from livecam.values import BgrImage, Shot

TIME_BASE = Fraction(1, 90_000)
SUFFIXES = (".mp4", ".mkv")
KEYFRAME_S = 1.0
_FRAME_DURATION_FLAG = 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION
# BT.601, limited range: what cv2's fast conversion computes.
_SMPTE170M = 6
_LIMITED_RANGE = 1


def check_recording_path(path: Path, *, force: bool) -> None:
    """Raise SettingsError where `path` is not .mp4 or .mkv, or exists and `force` is not given."""
    if path.suffix.casefold() not in SUFFIXES:
        raise SettingsError(f"--record {path}: the name must end in .mp4 or .mkv.")
    refuse_existing(path, force=force)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


class VideoFile:
    """One video file being written. Playable up to the last second if the program is killed."""

    def __init__(self, path: Path, width_px: int, height_px: int, rate: float | None) -> None:
        """Open the file for frames of this size; odd sizes are padded by one pixel.

        Raises:
            SinkError: it cannot be written.
        """
        self.path = path
        self.frames = 0
        self.duration_s = 0.0
        self._pad = (height_px % 2, width_px % 2)
        self._step_s = 1.0 / rate if rate else 1.0 / 30.0
        self._first_s = 0.0
        self._last_s = 0.0
        self._last_pts = -1
        self._last_key_s = float("-inf")
        movflags = {"movflags": "hybrid_fragmented"} if path.suffix.casefold() == ".mp4" else {}
        try:
            self._container = av.open(
                str(path), "w", options=movflags, container_options={"flush_packets": "1"}
            )
            self._stream = self._container.add_stream(
                "libx264", rate=Fraction(rate or 30).limit_denominator(1001)
            )
            self._configure(width_px + self._pad[1], height_px + self._pad[0])
            # PyAV would open the file with the encoder's first packet only, many frames later.
            self._container.start_encoding()
        except (av.error.FFmpegError, OSError) as error:
            raise SinkError(f"the recording {path} did not open ({_reason(error)}).") from error

    def _configure(self, width_px: int, height_px: int) -> None:
        stream, context = self._stream, self._stream.codec_context
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.time_base = context.time_base = TIME_BASE
        # No B-frames: a fragmented MP4 would begin with their delay instead of at 0, and a killed
        # program would lose those still waiting in the encoder.
        context.max_b_frames = 0
        context.options = {"preset": "veryfast", "crf": "20", "profile": "high"}
        context.color_range = _LIMITED_RANGE
        context.colorspace = context.color_primaries = context.color_trc = _SMPTE170M
        context.flags |= _FRAME_DURATION_FLAG

    def write(self, bgr: BgrImage, time_s: float) -> None:
        """Append one frame; `time_s` in seconds of the source, rising.

        Raises:
            SinkError: the encoder or the disk failed.
        """
        if self.frames == 0:
            self._first_s = time_s
        elif time_s > self._last_s:
            self._step_s = time_s - self._last_s
        frame = self._frame(bgr)
        frame.time_base = TIME_BASE
        frame.pts = max(round((time_s - self._first_s) / TIME_BASE), self._last_pts + 1)
        # The duration matters for the last frame only: as long as the one before it.
        frame.duration = max(1, round(self._step_s / TIME_BASE))
        if time_s - self._last_key_s >= KEYFRAME_S:
            frame.pict_type = av.video.frame.PictureType.I
            self._last_key_s = time_s
        self._mux(frame)
        self._last_pts, self._last_s = frame.pts, time_s
        self.frames += 1
        self.duration_s = float((frame.pts + frame.duration) * TIME_BASE)

    def close(self) -> None:
        """Finish the file: an ordinary, seekable one.

        Raises:
            SinkError: the disk failed at the last moment.
        """
        try:
            if self.frames:
                self._mux(None)
            self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure(error) from error

    def abandon(self) -> None:
        """Close after a failure, without raising again."""
        with suppress(av.error.FFmpegError, OSError, ValueError):
            self._container.close()

    def _frame(self, bgr: BgrImage) -> "av.VideoFrame":
        if any(self._pad):
            bottom, right = self._pad
            padded = cv2.copyMakeBorder(bgr, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
            bgr = BgrImage(np.asarray(padded, dtype=np.uint8))
        yuv = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
        return av.VideoFrame.from_ndarray(yuv, format="yuv420p")

    def _mux(self, frame: "av.VideoFrame | None") -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except (av.error.FFmpegError, OSError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> SinkError:
        return SinkError(
            f"the recording {self.path} broke off at {self.duration_s:.1f} s ({_reason(error)}): "
            "what was recorded until then is kept."
        )


class Recorder:
    """Records while the view says so; a ports.Sink.

    The first recording goes into the file that was asked for, later ones (key `r`) into files
    named by date and time. A change of the picture's size begins a new file.
    """

    def __init__(
        self,
        first_path: Path | None,
        folder: Path,
        *,
        rate: float | None,
        notify: Callable[[str], None],
        now: Now = datetime.now,
    ) -> None:
        """`rate` is the source's nominal rate; `notify` hears of every file."""
        self._first_path, self._folder = first_path, folder
        self._rate, self._notify, self._now = rate, notify, now
        self._file: VideoFile | None = None
        self._size: tuple[int, ...] = ()

    def __enter__(self) -> Self:
        """Files are opened with the first frame, when its size is known."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file, whatever ended the run."""
        self._finish()

    def show(self, shot: Shot) -> None:
        """Record the annotated picture if the view says so.

        Raises:
            SinkError: the recording failed; the file is closed and keeps what it has.
        """
        size = shot.picture.shape
        if not shot.view.recording or (self._file is not None and size != self._size):
            self._finish()
        if not shot.view.recording:
            return
        if self._file is None:
            self._size = size
            self._file = VideoFile(self._next_path(), size[1], size[0], self._rate)
        try:
            self._file.write(shot.picture, shot.frame.time_s)
        except SinkError:
            broken, self._file = self._file, None
            broken.abandon()
            raise

    def _next_path(self) -> Path:
        path, self._first_path = self._first_path, None
        return path or dated_path(made_folder(self._folder), self._now(), ".mp4")

    def _finish(self) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            file.close()
        except SinkError:
            file.abandon()
            raise
        self._notify(f"recorded {file.path} ({file.frames} frames, {file.duration_s:.2f} s)")
