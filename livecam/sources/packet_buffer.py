"""Packets of a stream, read ahead by a thread of its own: what a segment brings at once."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av  # noqa: TC002  (with cv2 before it, as everywhere)

from livecam.sources.live.connection import ConnectionLostError
from livecam.sources.live.delay import DelayEstimator
from livecam.sources.live.playout import MOST_AHEAD_S

MOST_BYTES, MOST_PACKETS = 64 << 20, 10_000

QUIET_S, FIRST_BURST_TIMEOUT_S = 0.3, 3.0
"""A burst is over when nothing came for so long; at the latest after the second of them."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrivedPacket:
    """A packet (None for the end: the decoder gives what it still holds), and when it came."""

    packet: "av.Packet[Any] | None"
    arrived_s: float


class PacketBuffer:
    """Reads packets until it is full or closed."""

    def __init__(self, packets: Iterator["av.Packet[Any] | None"]) -> None:
        """Start to read.

        Args:
            packets: of one stream, read in the buffer's own thread; what it raises is raised by
                `take` when all packets before have been taken.
        """
        self._packets = packets
        self._waiting: deque[ArrivedPacket] = deque()
        self._bytes = self._arrived = 0
        self._error: Exception | None = None
        self._is_over = self._is_closed = False
        self._changed = threading.Condition()
        self._delay = DelayEstimator()
        self._thread = threading.Thread(target=self._read, name="livecam-ahead", daemon=True)
        self._thread.start()

    @property
    def smallest_delay_s(self) -> float:
        """Of the last minute, from a packet's own time to its arrival: that of the newest ones."""
        with self._changed:
            return self._delay.smallest_s

    def wait_for_first_burst(self) -> None:
        """Until what is there already has arrived: only then is it known how old it is."""
        until_s, seen = time.perf_counter() + FIRST_BURST_TIMEOUT_S, -1
        with self._changed:
            while time.perf_counter() < until_s and not self._is_over and seen != self._arrived:
                seen = self._arrived
                self._changed.wait_for(lambda: self._is_over, QUIET_S)

    def take(self) -> ArrivedPacket:
        """The next packet, however long it takes.

        Raises:
            ConnectionLostError: there will be no more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            if not self._waiting:
                raise self._error or ConnectionLostError("was lost")
            taken = self._waiting.popleft()
            self._bytes -= taken.packet.size if taken.packet is not None else 0
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Read no more; waits for a read that is going on."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _is_full(self) -> bool:
        return self._bytes >= MOST_BYTES or len(self._waiting) >= MOST_PACKETS

    def _read(self) -> None:
        try:
            for packet in self._packets:
                self._put(packet)
                if self._is_closed:
                    break
        except Exception as error:  # raised where the packets are taken
            self._error = error
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _put(self, packet: "av.Packet[Any] | None") -> None:
        arrived_s = time.perf_counter()
        with self._changed:
            self._arrived += 1
            if packet is not None:
                self._bytes += packet.size
                if packet.pts is not None and packet.time_base is not None:
                    own_s = float(packet.pts * packet.time_base)
                    self._delay.excess_s(own_s, arrived_s, MOST_AHEAD_S)
            self._waiting.append(ArrivedPacket(packet, arrived_s))
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_closed or not self._is_full())
