"""What many viewers get, and what they may not have: the server without a network."""

import asyncio
import json
import threading
from contextlib import ExitStack

import pytest
from contract.annotated_frames import annotated_frame_of
from support import FakeClock, picture

from livecam.models.catalogue import spec_of
from livecam.core.events import KeyPress
from livecam.sinks.recording_index import RecordingIndex
from livecam.core.view import View
from livecam.settings.schema import ServeSettings
from livecam.web.streaming import mjpeg_broadcast
from livecam.web.streaming import streams
from livecam.web import page as page_module
from livecam.web.api import request_context as room_module
from livecam.web.api.run_info import About
from livecam.web.api.application import STALE_S, build_application
from livecam.web.streaming.mjpeg_broadcast import MOST_PICTURES_PER_S, Broadcast
from livecam.web.server.rate_limit import Allowance
from livecam.web.server.listener import open_door
from livecam.web.server.middleware import Rules
from livecam.web.streaming.frame_hub import Hub
from livecam.web.page import Page
from livecam.web.api.request_context import Room
from datetime import datetime

VIEW = View(class_index=1, class_cycle=(1, 2))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def hub(clock):
    return Hub(clock=clock)


@pytest.fixture
def encoded(monkeypatch):
    """The pictures that were encoded."""
    seen = []

    def encode(bgr, **_):
        seen.append(int(bgr[0, 0, 0]))
        return bytes([seen[-1]])

    monkeypatch.setattr(mjpeg_broadcast, "jpeg_of", encode)
    return seen


def shown(hub, value):
    hub.show(annotated_frame_of(picture(value=value), value, value / 30))


def room_of(hub, tmp_path, token=None):
    about = About("daisy", "", spec_of("flowers", None, None).labels, range(5), turnable=False)
    recording_index = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    return Room(hub, Broadcast(hub), recording_index, about, token, 8765)


class Visitor:
    """One request to the application, without a server."""

    def __init__(self, gate, path, kind="http"):
        self.sent, self.aborted, self.takes = [], threading.Event(), True
        self._received = ["websocket.connect" if kind == "websocket" else "http.request"]
        self.scope = {
            "type": kind, "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8765), "scheme": "http", "http_version": "1.1",
            "subprotocols": [], "livecam.abort": self.aborted.set,
        }  # fmt: skip
        self.task = asyncio.ensure_future(gate(self.scope, self._receive, self._send))

    async def _receive(self):
        if not self._received:
            await asyncio.Event().wait()
        return {"type": self._received.pop()}

    async def _send(self, message):
        if not self.takes:
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


async def asked(gate, path):
    visitor = Visitor(gate, path)
    await visitor.task
    return visitor


async def until(look):
    async with asyncio.timeout(30):
        while not look():  # noqa: ASYNC110  (what is looked at knows nothing of events)
            await asyncio.sleep(0)


def test_two_viewers_get_each_picture_encoded_once(hub, encoded):
    async def main():
        shared = Broadcast(hub)
        shared.start()
        with shared.looking(), shared.looking():
            shown(hub, 7)
            both = [shared.picture_after(0), shared.picture_after(0)]
            first = await asyncio.gather(*both)
            shown(hub, 8)
            second = await shared.picture_after(first[0].number)
        await shared.close()
        return first, second

    first, second = asyncio.run(main())
    assert [p.jpeg for p in first] == [b"\x07"] * 2
    assert second.jpeg == b"\x08"
    assert encoded == [7, 8]


def test_nobody_who_looks_means_nothing_encoded(hub, encoded):
    async def main():
        shared = Broadcast(hub)
        shared.start()
        shown(hub, 7)
        await asyncio.sleep(0)
        await shared.close()

    asyncio.run(main())
    assert encoded == []


def test_a_full_picture_is_encoded_once_for_all_who_ask(hub, encoded):
    async def main():
        shared = Broadcast(hub)
        shown(hub, 7)
        jpegs = await asyncio.gather(*(shared.full_jpeg(hub.newest) for _ in range(5)))
        shown(hub, 8)
        return [*jpegs, await shared.full_jpeg(hub.newest)]

    assert asyncio.run(main()) == [b"\x07"] * 5 + [b"\x08"]
    assert encoded == [7, 8]


def test_many_viewers_get_fewer_pictures_each(hub):
    async def main():
        shared = Broadcast(hub)
        alone = shared.state_every_s()
        with ExitStack() as stack:
            for _ in range(64):
                stack.enter_context(shared.looking())
                stack.enter_context(shared.listening())
            assert shared.picture_every_s() == pytest.approx(64 / MOST_PICTURES_PER_S)
            assert shared.state_every_s() > alone
        assert shared.state_every_s() == alone

    asyncio.run(main())


def test_a_picture_that_cannot_be_encoded_is_told_once_and_the_next_one_shown(hub, monkeypatch):
    told = []

    def encode(bgr, **_):
        if bgr[0, 0, 0] < 9:
            raise ValueError("too dark")
        return b"jpeg"

    monkeypatch.setattr(mjpeg_broadcast, "jpeg_of", encode)

    async def main():
        shared = Broadcast(hub, say=told.append)
        shared.start()
        with shared.looking():
            shown(hub, 7)
            await until(lambda: told)
            shown(hub, 8)
            shown(hub, 9)
            got = await shared.picture_after(0)
        await shared.close()
        return got

    assert asyncio.run(main()).jpeg == b"jpeg"
    assert told == ["the web page cannot show the picture (ValueError: too dark)"]


def test_the_state_is_made_once_for_all_and_its_age_grows(hub, clock, monkeypatch):
    made = []
    real = mjpeg_broadcast.state_of
    monkeypatch.setattr(
        mjpeg_broadcast, "state_of", lambda *a, **k: made.append(1) or real(*a, **k)
    )

    async def main():
        shared = Broadcast(hub)
        shown(hub, 7)
        texts = {shared.state_json(hub.newest) for _ in range(9)}
        clock.sleep(3.0)
        return texts, json.loads(shared.state_json(hub.newest))

    texts, later = asyncio.run(main())
    assert len(texts) == 1
    assert len(made) == 2
    assert later["age_ms"] == 3000.0


def test_a_viewer_who_takes_nothing_is_cut_off_and_forgotten(hub, encoded, tmp_path):
    async def main():
        room = room_of(hub, tmp_path)
        gate = build_application(room, Rules(taken_within_s=0.01))
        room.broadcast.start()
        viewer = Visitor(gate, "/api/stream.mjpg")
        shown(hub, 7)
        await until(lambda: len(viewer.sent) > 2)
        assert room.broadcast.lookers == 1
        viewer.takes = False
        shown(hub, 8)
        await asyncio.wait_for(viewer.task, 30)
        await room.broadcast.close()
        return viewer.aborted.is_set(), room.broadcast.lookers

    assert asyncio.run(main()) == (True, 0)


def test_more_viewers_than_there_is_room_for_are_sent_away(hub, encoded, tmp_path):
    async def main():
        room = room_of(hub, tmp_path)
        gate = build_application(room, Rules(changes=Allowance(1000, 1000)))
        shown(hub, 7)
        most = streams.MOST_LOOKERS
        viewers = [Visitor(gate, "/api/stream.mjpg") for _ in range(most + 3)]
        listeners = [Visitor(gate, "/api/live", "websocket") for _ in range(most + 3)]
        for _ in range(50):
            await asyncio.sleep(0)
        refused = [v.sent[0] for v in viewers if v.sent and v.sent[0].get("status") == 503]
        closed = [v.sent[0] for v in listeners if v.sent and v.sent[0].get("code") == 1013]
        counts = room.broadcast.lookers, room.broadcast.listeners
        await room.broadcast.close()
        await asyncio.gather(*(v.task for v in viewers + listeners), return_exceptions=True)
        return len(refused), len(closed), counts

    refused, closed, counts = asyncio.run(main())
    assert (refused, closed) == (3, 3)
    assert counts == (streams.MOST_LOOKERS, streams.MOST_LISTENERS)


def test_health_is_whether_the_loop_comes_back(hub, clock, tmp_path):
    async def main():
        gate = build_application(room_of(hub, tmp_path), Rules())
        answers = []

        async def status():
            answers.append((await asked(gate, "/healthz")).sent[0]["status"])

        await status()  # no frame yet
        hub.events(0.0)
        shown(hub, 7)
        await status()
        clock.sleep(STALE_S + 1)
        hub.events(0.0)
        await status()  # the same picture, and the loop is alive
        clock.sleep(STALE_S + 1)
        await status()  # it does not come back
        hub.events(0.0)
        hub.show_status(picture(), VIEW)
        await status()  # the source is lost
        return answers

    assert asyncio.run(main()) == [503, 200, 200, 503, 503]


def test_a_server_that_ends_by_itself_is_told(hub, tmp_path, monkeypatch):
    async def fail(*_):
        raise OSError("too many open files")

    monkeypatch.setattr(page_module._Server, "serve_until_left", fail)
    told, room = [], room_of(hub, tmp_path)
    with (
        open_door(ServeSettings(port=0)) as door,
        Page(door, hub, room.recording_index, room.about, say=told.append) as page,
    ):
        page._thread.join(30)
    words = "the web page has ended by itself (OSError: too many open files): start livecam again."
    assert words in told


def test_the_last_event_of_a_run_is_obeyed_when_it_ends(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(room_module, "OBEYED_WITHIN_S", 60.0)

    async def main():
        room = room_of(hub, tmp_path)
        room.broadcast.start()
        shown(hub, 7)
        asked = asyncio.ensure_future(room.obeyed(KeyPress("q")))
        await asyncio.sleep(0)
        assert hub.events(0.0) == [KeyPress("q")]
        hub.end()
        state = await asked
        await room.broadcast.close()
        return state.number

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize("token", [None, "an-example-of-a-secret-1234"])
def test_the_description_says_how_the_token_may_come(hub, tmp_path, token):
    async def main():
        gate = build_application(room_of(hub, tmp_path, token), Rules())
        return json.loads((await asked(gate, "/api/openapi.json")).body)

    told = asyncio.run(main())
    schemes = told.get("components", {}).get("securitySchemes", {})
    assert {kind["type"] for kind in schemes.values()} == ({"http", "apiKey"} if token else set())
    assert bool(told["paths"]["/api/state"]["get"].get("security")) is bool(token)
    assert not told["paths"]["/healthz"]["get"].get("security")
