"""Accepts connections; where the system has no descriptors left, one at a time and later.

asyncio's own server tries again as often as its queue is long, each time with a traceback: 100,000
lines in a few seconds. So connections are accepted here.
"""

import asyncio
import errno
import socket
from collections.abc import Callable

from livecam.web.server.error_reports import ErrorReports

RETRY_S = 1.0
RETRY_WITH_ROOM_S = 0.05
_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_NO_ROOM |= {getattr(errno, name) for name in ("WSAEMFILE", "WSAENOBUFS") if hasattr(errno, name)}


class Acceptor:
    """Accepts connections on one socket."""

    def __init__(
        self,
        listening: socket.socket,
        new_protocol: Callable[[], asyncio.Protocol],
        make_room: Callable[[], bool],
        reports: ErrorReports,
    ) -> None:
        """It begins with `run`.

        Args:
            listening: the socket.
            new_protocol: makes the protocol of each connection.
            make_room: ends a connection that is not needed; says whether there was one.
            reports: where it says that there is no room.
        """
        self._socket, self._new_protocol = listening, new_protocol
        self._make_room, self._reports = make_room, reports

    async def run(self) -> None:
        """Accept until it is cancelled."""
        loop = asyncio.get_running_loop()
        self._socket.setblocking(False)
        while True:
            try:
                connection, _ = await loop.sock_accept(self._socket)
            except OSError as error:
                if self._socket.fileno() < 0:  # it was closed: the run ends
                    return
                await asyncio.sleep(self._wait_s(error))
                continue
            try:
                await loop.connect_accepted_socket(self._new_protocol, connection)
            except OSError:  # the client has gone
                connection.close()

    def _wait_s(self, error: OSError) -> float:
        """How long to wait after an error of accept."""
        if error.errno not in _NO_ROOM:  # of that one connection, on Linux also of the network
            return RETRY_WITH_ROOM_S
        self._reports.report(
            "no room",
            f"the web page cannot take more connections now ({error.strerror}): end programs that "
            "hold many, or raise the limit with ulimit -n.",
        )
        return RETRY_WITH_ROOM_S if self._make_room() else RETRY_S
