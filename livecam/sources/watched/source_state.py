"""The state of a watched source: what all its connections share, and how it is watched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from livecam.core.watching.kept_media import OpenClipFile
from livecam.pipeline.capture_time import local_now
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.watched.clip_feed import ClipFeed, FeedClocks
from livecam.sources.watched.media_ring import MediaRing
from livecam.sources.watched.source_clock import SourceClock
from livecam.sources.watched.wall_clocks import WallClock


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How a source is watched.

    Attributes:
        look_every_s: seconds from one look to the next.
        keeps_s: so many seconds are held for clips that begin before now ...
        max_bytes: ... at most so many bytes.
    """

    look_every_s: float = 0.5
    keeps_s: float = 30.0
    max_bytes: int = 128_000_000


@dataclass(frozen=True, slots=True)
class WatchSetup:
    """What every watched source is given.

    Attributes:
        options: how it is watched.
        open_file: makes the files of clips.
        now: the wall clock with its zone.
        system: clock and threads.
    """

    options: WatchOptions
    open_file: OpenClipFile
    now: Callable[[], datetime] = local_now
    system: ClockAndThreads = SYSTEM


class SourceState:
    """The state of a watched source over all its connections.

    Attributes:
        look_every_s: seconds from one look to the next.
        wall: wall-clock times of its pictures.
        clock: the times of packets.
        feed: what is held, and the clips.
        gives_looks: whether the connection holds packets, and gives only what is looked at.
    """

    def __init__(
        self,
        setup: WatchSetup,
        wall: WallClock,
        now_s: Callable[[], float] | None = None,
    ) -> None:
        """Nothing has come yet.

        Args:
            setup: how it is watched.
            wall: wall-clock times.
            now_s: the source's time now; None for a clip, whose own time is all there is.
        """
        options, self.wall, self._now_s = setup.options, wall, now_s
        self.look_every_s = options.look_every_s
        self.clock, self.gives_looks = SourceClock(), False
        ring = MediaRing(options.keeps_s, options.max_bytes)
        self.feed = ClipFeed(ring, setup.open_file, FeedClocks(wall.at, now_s))

    def begin_connection(self) -> None:
        """What comes next has times of another beginning."""
        self.clock.begin_connection()
        self.wall.begin_connection()

    def arrived_s(self) -> float | None:
        """The source's time now; None for a clip."""
        return None if self._now_s is None else self._now_s()
