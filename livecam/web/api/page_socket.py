"""What the WebSocket of every page does: sends and receives until one side ends it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from fastapi import WebSocket

from livecam.web.streaming.viewers import Viewer, Viewers

MAX_SILENCE_S = 5.0
"""So long a server sends nothing at most; the page reconnects later (live_socket.js)."""


class Broadcast(Protocol):
    """What the sockets of a page follow.

    Attributes:
        viewers: those who have one.
        closing: set when the server ends.
    """

    viewers: Viewers
    closing: asyncio.Event


async def run_socket(
    socket: WebSocket,
    viewer: Viewer,
    broadcast: Broadcast,
    works: Sequence[Callable[[], Awaitable[None]]],
) -> None:
    """Accept a connection, and close it when one of its works has ended.

    Args:
        socket: not yet accepted.
        viewer: whose it is.
        broadcast: what it follows.
        works: what sends, and what receives.
    """
    with broadcast.viewers.figure_places.taken_by(viewer):
        await socket.accept()
        tasks = [asyncio.ensure_future(work()) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(Exception):  # closed already, or aborted by the middleware
        await socket.close(1001 if broadcast.closing.is_set() else 1008)


async def wait_between_messages(broadcast: Broadcast) -> None:
    """Until the next message may be sent, or the server ends."""
    with suppress(TimeoutError):
        await asyncio.wait_for(broadcast.closing.wait(), broadcast.viewers.state_interval_s())
