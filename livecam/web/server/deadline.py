"""A time after which a connection is aborted."""

import asyncio

SEND_TIMEOUT_S = 15.0
HEAD_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 15.0


class Deadline:
    """Aborts a connection unless it is cancelled in time; one at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """It runs from `start` to `cancel`."""
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """Whether the connection is going to be aborted."""
        return self._timer is not None

    def start(self, timeout_s: float, transport: asyncio.Transport) -> None:
        """Abort after `timeout_s`: closing would wait until the client has read everything."""
        self.cancel()
        self._timer = self._loop.call_later(timeout_s, transport.abort)

    def cancel(self) -> None:
        """Do not abort."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
