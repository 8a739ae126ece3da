"""Passes what a source sends to the clips that are being written, and holds the last seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.watching.kept_media import (
    ClipBeginning,
    ClipFile,
    KeptMedia,
    MediaFormat,
    OpenClipFile,
)
from livecam.core.watching.watched_source import EventClipResult
from livecam.errors import SinkError
from livecam.sources.watched.media_ring import SAME_S, MediaRing


@dataclass(frozen=True, slots=True)
class FeedClocks:
    """The clocks of a source.

    Attributes:
        wall: the wall-clock time of a time of the source.
        now_s: the source's time now, which goes on while nothing comes; None for a clip's, which
            stands still then.
    """

    wall: Callable[[float], datetime]
    now_s: Callable[[], float] | None = None


class ClipFeed:
    """Begins clips with what is held, and goes on with what comes; used by several threads."""

    def __init__(self, ring: MediaRing, open_file: OpenClipFile, clocks: FeedClocks) -> None:
        """Hold nothing yet; the ring is for the last seconds, `open_file` makes the files."""
        self._ring, self._open_file, self.clocks = ring, open_file, clocks
        self.lock = threading.RLock()
        self._clips: list[FedClip] = []

    def add(self, media: KeptMedia, media_format: MediaFormat) -> None:
        """Hold one, and write it into all clips that go on; raises nothing."""
        with self.lock:
            self._ring.add(media, media_format)
            for clip in self._clips:
                clip.take(media, media_format)
            self._clips = [clip for clip in self._clips if clip.is_growing]

    def begin_clip(self, from_s: float, path: Path) -> "FedClip":
        """A clip that begins with what is held since a time.

        Raises:
            SinkError: the file cannot be made.
        """
        with self.lock:
            clip = FedClip(self, path, from_s, self._open_file)
            held = list(self._ring.since(from_s))
            clip.begin_with(held)
            for media, media_format in held:
                clip.take(media, media_format)
            clip.raise_failure()
            self._clips.append(clip)
            return clip

    def end(self, *, is_lost: bool = False) -> None:
        """Nothing more will come: all clips end; `is_lost`: before their time."""
        with self.lock:
            for clip in self._clips:
                clip.stop(is_cut=is_lost)
            self._clips = []


class FedClip:
    """A clip of an event; implements core.watching.watched_source.EventClip."""

    def __init__(self, feed: ClipFeed, path: Path, from_s: float, open_file: OpenClipFile) -> None:
        """Its file is made with the first picture."""
        self._feed, self._path, self._open_file = feed, path, open_file
        self._begin_s = from_s
        self._shown: list[tuple[float, float]] = []  # decoded when, shown when
        self._until_s: float | None = None
        self._file: ClipFile | None = None
        self._media_format: MediaFormat | None = None
        self._failure: SinkError | None = None
        self._is_cut = False
        self.is_growing = True

    @property
    def begin_s(self) -> float:
        """Time of its first picture on the source's clock."""
        return self._begin_s

    @property
    def failure(self) -> SinkError | None:
        """Why no more can be written into it; None while that is not so."""
        return self._failure

    def begin_with(self, held: list[tuple[KeptMedia, MediaFormat]]) -> None:
        """Choose the first picture that is shown; those before it are only needed to decode it."""
        times_s = [media.time_s for media, _ in held if media.is_video]
        wanted_s = [time_s for time_s in times_s if time_s >= self._begin_s - SAME_S]
        if times_s:
            self._begin_s = min(wanted_s) if wanted_s else max(times_s)

    def take(self, media: KeptMedia, media_format: MediaFormat) -> None:
        """Write one, unless the clip is at its end; a failure is raised by `close`."""
        if not self.is_growing:
            return
        if media.is_video and self._is_beyond_end(media.decode_s, media.time_s):
            self.stop(is_cut=False)
            return
        if self._until_s is not None and media.time_s >= self._until_s and not media.is_video:
            return
        is_other = self._media_format is not None and (
            media_format.identity != self._media_format.identity
        )
        if is_other:  # one file cannot hold both
            self.stop()
            return
        try:
            self._write(media, media_format)
        except SinkError as error:
            self._failure, self._is_cut, self.is_growing = error, True, False

    def end(self, until_s: float) -> None:
        """Let it end with the last picture before this time; returns at once."""
        with self._feed.lock:
            if not self.is_growing:  # the source came to its end
                return
            # A little earlier: a picture of just this time is not before it, however it is rounded.
            self._until_s = until_s - SAME_S
            if any(self._is_beyond_end(*shown) for shown in self._shown):
                self.stop(is_cut=False)  # it has gone on for longer

    @property
    def is_finished(self) -> bool:
        """Whether its last picture is written, or none can come any more; then it can be closed."""
        with self._feed.lock:
            now_s = self._feed.clocks.now_s
            is_late = (
                self._until_s is not None
                and now_s is not None
                and (now_s() >= self._until_s + LATEST_S)
            )
            if is_late:  # the source is lost
                self.stop(is_cut=False)
            return not self.is_growing and (self._file is None or self._file.is_finished)

    def stop(self, *, is_cut: bool = True) -> None:
        """Write nothing more; the file is closed meanwhile."""
        if not self.is_growing:
            return
        self.is_growing = False
        self._is_cut = self._is_cut or is_cut
        if self._file is not None:
            self._file.finish(self._decoded_until_s())

    def close(self) -> EventClipResult:
        """Finish the file now, also before its end; harmless when called again.

        Raises:
            SinkError: it could not be written.
        """
        with self._feed.lock:
            self.stop(is_cut=self._until_s is None)
        if self._file is not None:
            self._file.close()
        self.raise_failure()
        if self._file is None:
            raise SinkError(f"{self._path} was not written: the source gave no picture for it.")
        until_s = self._decoded_until_s()
        shown_s = [time_s for d_s, time_s in self._shown if until_s is None or d_s < until_s]
        end_s = max(shown_s, default=self._begin_s)
        is_cut = self._is_cut or self._file.dropped > 0
        return EventClipResult(self._path, self._begin_s, end_s, len(shown_s), is_cut)

    def raise_failure(self) -> None:
        """Raise SinkError where it could not be written."""
        if self._failure is not None:
            raise self._failure

    def _latest_s(self) -> float:
        """When the latest of the pictures is shown that are decoded before the end."""
        until_s = float("inf") if self._until_s is None else self._until_s
        return max((shown_s for d_s, shown_s in self._shown if d_s < until_s), default=until_s)

    def _is_beyond_end(self, decode_s: float, time_s: float) -> bool:
        """Whether a picture is not needed, and none after it.

        With B-frames a picture that is decoded before the end may be shown after others that are
        decoded behind it: these are needed, else a part would be missing in the middle.
        """
        is_behind = self._until_s is not None and decode_s >= self._until_s
        return is_behind and time_s > self._latest_s()

    def _decoded_until_s(self) -> float | None:
        """What is decoded from here on is not needed; None where all is."""
        if self._until_s is None:
            return None
        latest_s = self._latest_s()
        needed_s = (d_s + SAME_S for d_s, time_s in self._shown if time_s < latest_s)
        return max((self._until_s, *needed_s))

    def _write(self, media: KeptMedia, media_format: MediaFormat) -> None:
        if self._file is None:
            if not (media.is_key and media.is_video):
                return
            # Pictures that are shown before the key picture need some before it, too.
            self._begin_s = max(self._begin_s, media.time_s)
            at = self._feed.clocks.wall(self._begin_s)
            beginning = ClipBeginning(self._path, self._begin_s, at)
            self._file = self._open_file(beginning, media_format)
            self._media_format = media_format
        self._file.add(media)
        if media.is_video and media.time_s >= self._begin_s - SAME_S:
            self._shown.append((media.decode_s, media.time_s))


LATEST_S = 5.0
"""So long after its end a clip waits for the pictures before it: they are under way."""
