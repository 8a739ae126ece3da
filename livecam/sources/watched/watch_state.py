"""What all connections of a watched source share: its clocks, and what is held for clips."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from livecam.core.watching.kept_media import OpenClipFile
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.delay import STALE_S, DelayEstimator
from livecam.sources.watched.clip_feed import ClipFeed, FeedClocks
from livecam.sources.watched.media_ring import MediaRing
from livecam.sources.watched.source_clock import SourceClock

AGREEING_S = 10.0
"""A sender's wall clock that differs by more from that of this machine was never set."""

SENDERS_TIME = "prft"
"""FFmpeg's name of a packet's wall-clock time; of RTSP since the first report of RTCP."""


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


def local_now() -> datetime:
    """The wall clock in the zone of this machine."""
    return datetime.now().astimezone()


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


class WallClock(Protocol):
    """The wall-clock times of pictures."""

    def begin_connection(self) -> None:
        """What comes next is of another connection."""

    def note(self, packet: Any, decode_s: float, time_s: float) -> None:
        """A packet of video has come now; its times are those of the source."""

    def at(self, time_s: float) -> datetime:
        """When the picture of a time of the source was taken, with the zone."""


class LiveWallClock:
    """The sender's wall clock where it is right, else ours."""

    def __init__(self, now_s: Callable[[], float], now: Callable[[], datetime]) -> None:
        """`now_s` gives the source's time now; `now` gives the wall clock, with its zone."""
        self._now_s, self._now = now_s, now
        self._delay = DelayEstimator()
        self._sender_s: float | None = None  # its seconds since 1970 at time 0 of the source

    def begin_connection(self) -> None:
        """Another connection may have another delay, and another sender."""
        self._delay, self._sender_s = DelayEstimator(), None

    def note(self, packet: Any, decode_s: float, time_s: float) -> None:
        """A packet of video has come now."""
        self._delay.excess_s(decode_s, self._now_s(), STALE_S)
        if packet.has_sidedata(SENDERS_TIME):
            data = bytes(packet.get_sidedata(SENDERS_TIME))
            self._sender_s = struct.unpack_from("=q", data)[0] / 1e6 - time_s

    def at(self, time_s: float) -> datetime:
        """When the picture of a time of the source was taken."""
        ago_s = self._now_s() - time_s - self._delay.smallest_s
        own = self._now() - timedelta(seconds=ago_s)
        if self._sender_s is None:
            return own
        differs_s = self._sender_s + time_s - own.timestamp()
        return own + timedelta(seconds=differs_s) if abs(differs_s) <= AGREEING_S else own


class ClipWallClock:
    """Times of a clip, from when it was taken."""

    def __init__(self, began: datetime) -> None:
        """`began`: when its first picture was taken, with the zone."""
        self._began = began

    def begin_connection(self) -> None:
        """A clip has one."""

    def note(self, packet: Any, decode_s: float, time_s: float) -> None:
        """Nothing is learnt from it."""

    def at(self, time_s: float) -> datetime:
        """When the picture of this time was taken."""
        return self._began + timedelta(seconds=time_s)


class WatchState:
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
