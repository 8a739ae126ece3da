"""Files are opened once for a response: what takes their place meanwhile is not sent."""

import asyncio
import os
from contextlib import suppress

import pytest
from fastapi import HTTPException

from livecam.web.api.opened_file_response import OpenedFileResponse


MP4 = "video/mp4"


def sent(response, range_header=b""):
    messages = []

    async def send(message):
        messages.append(message)

    async def receive():
        await asyncio.Event().wait()

    headers = [(b"range", range_header)] if range_header else []
    scope = {"type": "http", "method": "GET", "headers": headers}
    asyncio.run(response(scope | {"asgi": {"spec_version": "2.4"}}, receive, send))
    return messages[0]["status"], b"".join(m.get("body", b"") for m in messages)


@pytest.mark.parametrize(
    ("asked", "expected"), [(b"", (200, b"mine00")), (b"bytes=2-3", (206, b"ne"))]
)
def test_a_link_that_takes_the_place_after_opening_is_not_followed(tmp_path, asked, expected):
    path, secret = tmp_path / "a.mp4", tmp_path / "secret"
    path.write_bytes(b"mine00")
    secret.write_bytes(b"secret")
    response = OpenedFileResponse(path, MP4, is_download=False)
    path.unlink()
    path.symlink_to(secret)
    assert sent(response, asked) == expected


def test_the_file_is_closed_after_every_kind_of_answer(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"mine00")
    for asked in (b"", b"bytes=0-1", b"bytes=9-", b"bytes=0-1,3-4"):
        response = OpenedFileResponse(path, MP4, is_download=True)
        with suppress(HTTPException):  # nothing of the file is in that range
            sent(response, asked)
        assert response._file.closed


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing"])
def test_what_is_no_file_is_not_opened(tmp_path, kind):
    path = tmp_path / "a.mp4"
    if kind == "link":
        (tmp_path / "b").write_bytes(b"x")
        path.symlink_to(tmp_path / "b")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(FileNotFoundError):
        OpenedFileResponse(path, MP4, is_download=False)
