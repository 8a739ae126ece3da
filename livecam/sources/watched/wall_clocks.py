"""When the pictures of a watched source were taken: by the sender's clock, or ours."""

import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from livecam.sources.live.delay import STALE_S, DelayEstimator

AGREEING_S = 10.0
"""A sender's wall clock that differs by more from that of this machine was never set."""

SENDERS_TIME = "prft"
"""FFmpeg's name of a packet's wall-clock time; of RTSP since the first report of RTCP."""


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
