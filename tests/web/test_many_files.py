"""A folder of 10,000 recordings: no request looks at more of them than it shows."""

import asyncio
import json
import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from support import eventually
from web.application_requests import context_of, response_of
from web.page_actions import wait_for_pictures
from web.serving import QUIET, serving

from livecam.sinks.recording_index import MAX_ITEMS
from livecam.web.api.application import build_application
from livecam.web.server.middleware import AccessRules
from livecam.web.streaming.frame_hub import FrameHub

LOOKS = ("stat", "lstat", "scandir", "listdir", "open")
CONTENT = b"a few bytes of a video"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder, first = tmp_path_factory.mktemp("crowded"), datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(10_000):
        path = folder / f"livecam_{first + timedelta(seconds=37 * number):%Y-%m-%d_%H-%M-%S}.mp4"
        path.write_bytes(CONTENT)
        os.utime(path, (1e9, 1e9))
    return folder


@pytest.fixture(scope="module")
def crowded(folder):
    with serving(folder, *QUIET) as program:
        yield program


@pytest.fixture
def looks(folder, monkeypatch):
    """How often each call of the system has looked at the folder, or at something in it."""
    counted = Counter()

    def counting(name, real):
        def call(path=".", *arguments, **given):
            if isinstance(path, str | os.PathLike) and str(path).startswith(str(folder)):
                counted[name] += 1
            return real(path, *arguments, **given)

        return call

    for name in LOOKS:
        monkeypatch.setattr(os, name, counting(name, getattr(os, name)))
    return counted


def test_list_file_and_range_look_at_what_they_show(folder, looks):
    """Before, each read the whole folder: half a second of a core for a list, a file, a range."""

    async def main():
        context = context_of(FrameHub(), folder)
        application = build_application(context, AccessRules())
        context.output_files.refresh()
        assert looks["scandir"] == 1  # what is counted is what looks

        async def answer(path, *headers):
            looks.clear()
            client = await response_of(application, path, *headers)
            return client.sent[0]["status"], client.body, looks.copy()

        status, body, for_list = await answer("/api/recordings")
        listed = json.loads(body)
        assert (status, len(listed)) == (200, MAX_ITEMS)
        path = f"/api/recordings/{listed[100]['id']}"
        status, body, for_file = await answer(path)
        assert (status, body) == (200, CONTENT)
        status, body, for_range = await answer(path, (b"range", b"bytes=2-5"))
        assert (status, body) == (206, b"few ")
        for counted in (for_list, for_file, for_range):
            assert not {"scandir", "listdir"} & counted.keys()
        assert sum(for_list.values()) <= 2 * MAX_ITEMS  # each, and whether it has figures
        assert sum(for_file.values()) <= 5
        assert sum(for_range.values()) <= 5

    asyncio.run(main())


def test_a_range_of_a_file_and_older_ones_follow(crowded):
    newest = crowded.get("/api/recordings").json
    address = f"/api/recordings/{newest[100]['id']}"
    assert crowded.get(address, Range="bytes=2-5").body == b"few "
    older = crowded.get(f"/api/recordings?after={newest[-1]['id']}&limit=50").json
    assert (len(newest), len(older)) == (200, 50)
    assert newest[-1]["name"] > older[0]["name"] > older[-1]["name"]


def test_pictures_go_on_while_files_are_listed(crowded):
    for _ in range(5):
        assert len(crowded.get("/api/recordings").json) == MAX_ITEMS
        wait_for_pictures(crowded, 2)


def test_a_file_is_deleted(crowded):
    *_, last = crowded.get("/api/recordings").json
    address, before = f"/api/recordings/{last['id']}", crowded.state()["file_list"]
    assert crowded.request("DELETE", address).status == 204
    assert not (crowded.folder / last["name"]).exists()
    assert crowded.request("DELETE", address).status == 404
    assert crowded.get(address).status == 404
    eventually(lambda: crowded.state()["file_list"] > before)
    assert crowded.request("DELETE", "/api/recordings/..%2fprivate.mp4").status == 404
