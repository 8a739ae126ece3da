"""The clip of an event out of pictures: encoded in a thread of its own."""

import threading
from collections import deque
from typing import Any

import cv2
import numpy as np

from livecam.core.formatting import reason_of
from livecam.core.types import BgrImage
from livecam.core.watching.kept_media import ClipBeginning, KeptMedia, MediaFormat
from livecam.errors import SinkError
from livecam.sinks.events.clip_closing import WRITE_BUFFER_BYTES, ClipDisk
from livecam.sinks.events.clip_metadata import clip_metadata
from livecam.sinks.recording.call_thread import TimeLimit
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.pixel_format import even_size, letterboxed
from livecam.sinks.recording.recording_disk import check_begin
from livecam.sinks.recording.video_file import VideoFile
from livecam.sinks.recording.watched_encoder import LIVE_LIMIT_S, WatchedEncoder

THREAD_NAME = "livecam-clip"
_DEFAULT_FRAME_S = 1 / 30


class EncodedClip:
    """Encodes pictures into a file; a core.watching.kept_media.ClipFile."""

    def __init__(
        self,
        beginning: ClipBeginning,
        media_format: MediaFormat,
        disk_space: DiskSpaceMonitor,
        request: EncoderRequest,
    ) -> None:
        """Start the thread; the file is made with the first picture.

        Raises:
            SinkError: it cannot be made.
        """
        check_begin(disk_space, beginning.path)
        self._beginning, self._request = beginning, request
        self._format = container_format_of(beginning.path)
        self._frame_s = 1 / media_format.rate if media_format.rate else _DEFAULT_FRAME_S
        self._disk = ClipDisk(disk_space)
        self._encoder: WatchedEncoder | None = None
        self._file: VideoFile | None = None
        self._size = (0, 0)
        self._durations: dict[int, int] = {}
        self._pts: list[int] = []
        self._changed = threading.Condition()
        self._waiting: deque[KeptMedia] = deque()
        self._waiting_bytes = 0
        self._is_ending = False
        self._until_s: float | None = None
        self._failure: SinkError | None = None
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    @property
    def is_finished(self) -> bool:
        """Whether it is closed, or failed: `close` waits for nothing."""
        return self._failure is not None or self._disk.is_closed

    def add(self, media: KeptMedia) -> None:
        """Append one picture.

        Raises:
            SinkError: disk or encoder failed; what is safe stays.
        """
        with self._changed:
            if self._failure is not None:
                raise self._failure
            if media.time_s < self._beginning.begin_s:
                return
            if self._disk.is_behind or self._waiting_bytes > WRITE_BUFFER_BYTES:
                self.dropped += 1
                return
            self._waiting.append(media)
            self._waiting_bytes += media.size_bytes
            self._changed.notify()

    def finish(self, until_s: float | None) -> None:
        """Nothing more will come: let the file be closed; returns at once."""
        with self._changed:
            self._is_ending, self._until_s = True, until_s
            self._changed.notify()

    def close(self) -> None:
        """Wait until it is closed.

        Raises:
            SinkError: it could not be written to its end.
        """
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        self._disk.wait()

    def _run(self) -> None:
        try:
            while (media := self._next()) is not None:
                self._encode(media)
            self._close_file()
        except SinkError as error:
            self._fail(error)
        except Exception as error:  # of encoder or decoder: nobody else would hear of it
            self._fail(SinkError(f"{self._beginning.path} broke off ({reason_of(error)})."))
        finally:
            if self._encoder is not None:
                self._encoder.close()

    def _next(self) -> KeptMedia | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_ending)
            if not self._waiting:
                return None
            media = self._waiting.popleft()
            self._waiting_bytes -= media.size_bytes
            return media

    def _encode(self, media: KeptMedia) -> None:
        if self._until_s is not None and media.time_s >= self._until_s:
            return
        decoded: Any = cv2.imdecode(np.frombuffer(media.data, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise ValueError("a picture that was held cannot be decoded")
        if self._encoder is None or self._file is None:
            self._size = even_size(decoded)
            self._encoder, self._file = self._begin()
        bgr = letterboxed(BgrImage(decoded), *self._size)
        pts = round((media.time_s - self._beginning.begin_s) / self._format.time_base)
        pts = max(pts, self._pts[-1] + 1) if self._pts else max(0, pts)
        self._pts.append(pts)
        duration = round((media.duration_s or self._frame_s) / self._format.time_base)
        self._durations[pts] = duration
        for packet in self._encoder.encode(bgr, pts, duration):
            self._write(packet)

    def _begin(self) -> tuple[WatchedEncoder, VideoFile]:
        unit = self._format.time_base
        encoder = open_encoder(self._request, self._size, unit, time_limit=TimeLimit(LIVE_LIMIT_S))
        self._encoder = encoder
        path, writer = self._beginning.path, self._disk.recording_disk.writer
        metadata = clip_metadata(self._beginning.at)
        return encoder, VideoFile(path, encoder.stream, None, writer, metadata=metadata)

    def _write(self, packet: Any) -> None:
        assert self._file is not None  # noqa: S101
        packet.duration = self._durations.pop(packet.pts or 0, packet.duration)
        self._file.add(packet)
        self._disk.check(self._file)

    def _close_file(self) -> None:
        if self._encoder is None or self._file is None:
            raise SinkError(f"{self._beginning.path} was not written: there was no picture for it.")
        for packet in self._encoder.flush():
            self._write(packet)
        unit, begin_s = float(self._format.time_base), self._beginning.begin_s
        cut_s = None if self._until_s is None else self._until_s - begin_s
        self._disk.begin_closing(self._file, [pts * unit for pts in self._pts], cut_s)

    def _fail(self, error: SinkError) -> None:
        self._disk.fail(self._file, error)
        with self._changed:
            self._failure = error
            self._waiting.clear()
