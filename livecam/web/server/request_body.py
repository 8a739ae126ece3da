"""Reads the body of a request before the application sees it, with limits on size and time."""

import asyncio
import re
from typing import Any

from starlette.types import Receive

MAX_BODY_BYTES = 4096
BODY_TIMEOUT_S = 10.0
_LENGTH = re.compile(r"[0-9]{1,20}")


class BodyError(Exception):
    """The body is refused.

    Attributes:
        status: of the response, 408 or 413.
    """

    def __init__(self, status: int) -> None:
        """See the class."""
        super().__init__(status)
        self.status = status


async def read_body(receive: Receive, content_length: str) -> Receive:
    """Read a small body completely.

    Args:
        receive: of the ASGI request.
        content_length: the header's value.

    Returns:
        An ASGI `receive` that hands the body on.

    Raises:
        BodyError: it is too large (413), too slow, or cut off (408).
    """
    if not _LENGTH.fullmatch(content_length) or int(content_length) > MAX_BODY_BYTES:
        raise BodyError(413)
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            body = await _whole_body(receive)
    except TimeoutError as error:
        raise BodyError(408) from error
    return _replayed(body, receive)


async def _whole_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyError(408)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise BodyError(413)
    return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def replay() -> Any:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
