"""The application for many viewers, without a network: pictures, state, limits, health."""

import asyncio
import json
import threading
from contextlib import ExitStack

import pytest
from fastapi import HTTPException
from annotated_frames import annotated_frame_of
from support import FakeClock, picture

from livecam.models.catalogue import spec_of
from livecam.core.events import KeyPress
from livecam.sinks.recording_index import RecordingIndex
from livecam.core.status_card import StatusCard
from livecam.core.view import View
from livecam.settings.schema import ServeSettings
from livecam.web.api import state_cache
from livecam.web.api.routes import commands
from livecam.web.api.application import build_application
from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import SnapshotCommand
from livecam.web.api.routes.health import STALE_S
from livecam.web.api.run_info import RunInfo
from livecam.web.api.run_start import RunStart
from livecam.web.api.state_cache import StateCache
from livecam.web.api.state_json import overview_of
from livecam.web.server.listener import open_listener
from livecam.web.server.middleware import AccessRules
from livecam.web.server.access_token import AccessToken
from livecam.web.server.sessions import Sessions
from livecam.web.server.rate_limit import RateLimit, RateLimits
from livecam.web.server.uvicorn_server import UvicornServer
from livecam.web.streaming import mjpeg_broadcast, picture_stream
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast
from livecam.web.streaming.viewers import (
    MAX_FIGURE_VIEWERS,
    MAX_PICTURE_VIEWERS,
    MAX_PICTURES_PER_S,
    Viewer,
    Viewers,
)
from livecam.web.web_screen import WebScreen
from datetime import datetime

VIEW = View(class_index=1, class_cycle=(1, 2))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def hub(clock):
    return FrameHub(clock=clock)


@pytest.fixture
def encoded(monkeypatch):
    """The pictures that were encoded."""
    seen = []

    def encode(bgr, **_):
        seen.append(int(bgr[0, 0, 0]))
        return bytes([seen[-1]])

    for module in (mjpeg_broadcast, picture_stream):
        monkeypatch.setattr(module, "encode_jpeg", encode)
    return seen


def shown(hub, value):
    hub.show(annotated_frame_of(picture(value=value), value, value / 30))


def context_of(hub, tmp_path, token=None, model="flowers"):
    broadcast = MjpegBroadcast(hub)
    output_files = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    return RequestContext(
        hub=hub,
        broadcast=broadcast,
        state_cache=StateCache(hub, broadcast.viewers, output_files),
        output_files=output_files,
        run_start=RunStart("daisy", RunInfo("daisy", "", spec_of(model).labels, turnable=False)),
        sessions=Sessions(AccessToken(token) if token else None, 8765),
    )


class Client:
    """One request to the application, without a server."""

    def __init__(self, application, path, kind="http", address="127.0.0.1"):
        self.sent, self.aborted, self.reads = [], threading.Event(), True
        self.transport, self.is_known = self, False
        self._received = ["websocket.connect" if kind == "websocket" else "http.request"]
        self.scope = {
            "type": kind, "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "client": (address, 1),
            "server": ("127.0.0.1", 8765), "scheme": "http", "http_version": "1.1",
            "subprotocols": [], "livecam.connection": self,
        }  # fmt: skip
        self.task = asyncio.ensure_future(application(self.scope, self._receive, self._send))

    async def _receive(self):
        if not self._received:
            await asyncio.Event().wait()
        return {"type": self._received.pop()}

    async def _send(self, message):
        if not self.reads:
            await asyncio.Event().wait()
        self.sent.append(message)

    def abort(self):
        self.aborted.set()

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


async def response_of(application, path):
    client = Client(application, path)
    await client.task
    return client


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  (nothing notifies of it)
            await asyncio.sleep(0)


def test_a_picture_is_encoded_once_for_two_viewers(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        broadcast.start()
        with broadcast.annotated.watched_by(Viewer()), broadcast.annotated.watched_by(Viewer()):
            shown(hub, 7)
            both = [broadcast.annotated.picture_after(0), broadcast.annotated.picture_after(0)]
            first = await asyncio.gather(*both)
            shown(hub, 8)
            second = await broadcast.annotated.picture_after(first[0].number)
        await broadcast.close()
        return first, second

    first, second = asyncio.run(main())
    assert [p.jpeg for p in first] == [b"\x07"] * 2
    assert second.jpeg == b"\x08"
    assert encoded == [7, 8]


def test_without_viewers_nothing_is_encoded(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        broadcast.start()
        shown(hub, 7)
        await asyncio.sleep(0)
        await broadcast.close()

    asyncio.run(main())
    assert encoded == []


def test_a_picture_in_full_size_is_encoded_once_for_all_requests(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        shown(hub, 7)
        jpegs = await asyncio.gather(*(broadcast.full_size_jpeg(hub.newest) for _ in range(5)))
        shown(hub, 8)
        return [*jpegs, await broadcast.full_size_jpeg(hub.newest)]

    assert asyncio.run(main()) == [b"\x07"] * 5 + [b"\x08"]
    assert encoded == [7, 8]


def test_many_viewers_get_fewer_pictures_each():
    viewers = Viewers()
    alone_s = viewers.state_interval_s()
    with ExitStack() as stack:
        for _ in range(64):
            stack.enter_context(viewers.picture_places.taken_by(Viewer()))
            stack.enter_context(viewers.figure_places.taken_by(Viewer()))
        assert viewers.picture_interval_s() == pytest.approx(64 / MAX_PICTURES_PER_S)
        assert viewers.state_interval_s() > alone_s
    assert viewers.state_interval_s() == alone_s


def test_a_failed_encoding_is_reported_once_and_the_next_picture_shown(hub, monkeypatch):
    said = []

    def encode(bgr, **_):
        if bgr[0, 0, 0] < 9:
            raise ValueError("too dark")
        return b"jpeg"

    for module in (mjpeg_broadcast, picture_stream):
        monkeypatch.setattr(module, "encode_jpeg", encode)

    async def main():
        broadcast = MjpegBroadcast(hub, say=said.append)
        broadcast.start()
        with broadcast.annotated.watched_by(Viewer()):
            shown(hub, 7)
            await until(lambda: said)
            shown(hub, 8)
            shown(hub, 9)
            got = await broadcast.annotated.picture_after(0)
        await broadcast.close()
        return got

    assert asyncio.run(main()).jpeg == b"jpeg"
    assert said == ["the web page cannot show the picture (ValueError: too dark)"]


def test_the_state_is_converted_once_for_all_readers_and_its_age_grows(
    hub, clock, tmp_path, monkeypatch
):
    converted, real = [], state_cache.state_of
    monkeypatch.setattr(
        state_cache, "state_of", lambda *a, **k: converted.append(1) or real(*a, **k)
    )
    cache = context_of(hub, tmp_path).state_cache
    shown(hub, 7)
    texts = {cache.json(hub.newest) for _ in range(9)}
    clock.sleep(3.0)
    assert json.loads(cache.json(hub.newest))["age_ms"] == 3000.0
    assert len(texts) == 1
    assert len(converted) == 2


def test_a_viewer_who_does_not_read_is_disconnected_and_no_longer_counted(hub, encoded, tmp_path):
    async def main():
        context = context_of(hub, tmp_path)
        application = build_application(context, AccessRules(send_timeout_s=0.01))
        context.broadcast.start()
        viewer = Client(application, "/api/stream.mjpg")
        shown(hub, 7)
        await until(lambda: len(viewer.sent) > 2)
        assert context.broadcast.viewers.pictures == 1
        viewer.reads = False
        shown(hub, 8)
        await asyncio.wait_for(viewer.task, 30)
        await context.broadcast.close()
        return viewer.aborted.is_set(), context.broadcast.viewers.pictures

    assert asyncio.run(main()) == (True, 0)


def test_more_viewers_than_the_maximum_are_refused(hub, encoded, tmp_path):
    async def main():
        context = context_of(hub, tmp_path)
        application = build_application(
            context, AccessRules(rate_limits=RateLimits(changes=RateLimit(1000, 1000)))
        )
        shown(hub, 7)
        most = MAX_PICTURE_VIEWERS
        viewers = [Client(application, "/api/stream.mjpg") for _ in range(most + 3)]
        listeners = [Client(application, "/api/live", "websocket") for _ in range(most + 3)]
        for _ in range(50):
            await asyncio.sleep(0)
        refused = [v.sent[0] for v in viewers if v.sent and v.sent[0].get("status") == 503]
        closed = [v.sent[0] for v in listeners if v.sent and v.sent[0].get("code") == 1013]
        counts = context.broadcast.viewers.pictures, context.broadcast.viewers.figures
        await context.broadcast.close()
        await asyncio.gather(*(v.task for v in viewers + listeners), return_exceptions=True)
        return len(refused), len(closed), counts

    refused, closed, counts = asyncio.run(main())
    assert (refused, closed) == (3, 3)
    assert counts == (MAX_PICTURE_VIEWERS, MAX_FIGURE_VIEWERS)


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [("/api/stream.mjpg", "http", 503), ("/api/live", "websocket", 1013)],
)
def test_one_address_does_not_take_the_places_of_all_viewers(
    hub, encoded, tmp_path, path, kind, refused
):
    async def main():
        context = context_of(hub, tmp_path)
        limits = RateLimits(changes=RateLimit(1000, 1000))
        application = build_application(context, AccessRules(rate_limits=limits))
        shown(hub, 7)
        crowd = [Client(application, path, kind, "192.0.2.9") for _ in range(MAX_PICTURE_VIEWERS)]
        await until(lambda: all(each.sent for each in crowd))
        others = [Client(application, path, kind, f"192.0.2.{n}") for n in (1, 1, 2)]
        late = Client(application, path, kind, "192.0.2.9")
        await until(lambda: all(each.sent for each in [*others, late]))
        viewers = context.broadcast.viewers
        counts = viewers.pictures + viewers.figures
        aborted = [each.aborted.is_set() for each in crowd]
        await context.broadcast.close()
        clients = [*crowd, *others, late]
        await asyncio.gather(*(each.task for each in clients), return_exceptions=True)
        first = [each.sent[0] for each in [*others, late]]
        return aborted, counts, [each.get("status") or each.get("code") for each in first]

    aborted, count, answers = asyncio.run(main())
    assert aborted == [True] * 3 + [False] * (MAX_PICTURE_VIEWERS - 3)
    assert count == MAX_PICTURE_VIEWERS
    assert refused not in answers[:3]
    assert answers[3] == refused


def test_health_is_whether_the_loop_polls(hub, clock, tmp_path):
    async def main():
        application = build_application(context_of(hub, tmp_path), AccessRules())
        answers = []

        async def status():
            answers.append((await response_of(application, "/healthz")).sent[0]["status"])

        await status()  # no frame yet
        hub.events(0.0)
        shown(hub, 7)
        await status()
        clock.sleep(STALE_S + 1)
        hub.events(0.0)
        await status()  # the same picture, but the loop polls
        clock.sleep(STALE_S + 1)
        await status()  # it does not poll again
        hub.events(0.0)
        hub.show_status(StatusCard(picture()), VIEW)
        await status()  # the source is lost
        return answers

    assert asyncio.run(main()) == [503, 200, 200, 503, 503]


def test_a_server_that_stops_unexpectedly_is_reported(hub, tmp_path, monkeypatch):
    async def fail(*_):
        raise OSError("too many open files")

    monkeypatch.setattr(UvicornServer, "serve_on", fail)
    said, context = [], context_of(hub, tmp_path)
    with (
        open_listener(ServeSettings(port=0)) as listener,
        WebScreen(listener, hub, context.output_files, "daisy", say=said.append) as screen,
    ):
        screen._server._thread.join(30)
    reason = "(OSError: too many open files)"
    assert f"the web server stopped unexpectedly {reason}: start livecam again." in said


def test_a_flood_of_snapshots_has_one_clear_answer(hub, tmp_path):
    router = commands.command_routes(context_of(hub, tmp_path))
    snapshot = next(route.endpoint for route in router.routes if route.path == "/snapshot")

    def status():
        with pytest.raises(HTTPException) as answer:
            asyncio.run(snapshot(SnapshotCommand(clean=False)))
        return answer.value.status_code, answer.value.detail

    answers = [status() for _ in range(60)]
    assert {code for code, _ in answers[:20]} == {503}  # no frame yet
    assert answers[-1] == (429, "too many snapshots: at most 20, then 2 a second.")


def test_the_last_event_of_a_run_is_applied_when_it_ends(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "APPLY_TIMEOUT_S", 60.0)

    async def main():
        context = context_of(hub, tmp_path)
        context.broadcast.start()
        shown(hub, 7)
        applied = asyncio.ensure_future(commands.apply(context, KeyPress("q")))
        await asyncio.sleep(0)
        assert hub.events(0.0) == [KeyPress("q")]
        hub.close()
        state = await applied
        await context.broadcast.close()
        return state.number

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize("token", [None, "an-example-of-a-secret-1234"])
def test_the_api_description_says_how_to_send_the_token(hub, tmp_path, token):
    async def main():
        application = build_application(context_of(hub, tmp_path, token), AccessRules())
        return json.loads((await response_of(application, "/api/openapi.json")).body)

    description = asyncio.run(main())
    schemes = description.get("components", {}).get("securitySchemes", {})
    assert {kind["type"] for kind in schemes.values()} == ({"http", "apiKey"} if token else set())
    assert bool(description["paths"]["/api/state"]["get"].get("security")) is bool(token)
    assert not description["paths"]["/healthz"]["get"].get("security")


def test_the_search_of_the_page_finds_kinds_and_tells_cranes_apart(hub, tmp_path):
    async def searched(text):
        context = context_of(hub, tmp_path, model="imagenet")
        application = build_application(context, AccessRules())
        client = Client(application, "/api/classes")
        client.scope["query_string"] = f"search={text}".encode()
        await client.task
        return json.loads(client.body)

    cranes = asyncio.run(searched("crane"))
    assert [entry["name"] for entry in cranes] == ["crane (wading bird)", "crane (lifting device)"]
    cats = [entry["name"] for entry in asyncio.run(searched("cat"))]
    assert cats[:3] == ["tabby", "tiger cat", "Persian cat"]
    assert "lynx" in cats
    assert "catamaran" not in cats


def test_logins_are_limited_for_an_address_and_not_for_who_has_a_cookie(hub, tmp_path):
    async def statuses():
        rules = AccessRules(
            rate_limits=RateLimits(logins=RateLimit(3, 0)), sessions=Sessions(AccessToken("x" * 20))
        )
        application = build_application(context_of(hub, tmp_path, "x" * 20), rules)
        found = []
        for _ in range(5):
            client = Client(application, "/api/login")
            await client.task
            found.append(client.sent[0]["status"])
        return found

    found = asyncio.run(statuses())
    assert 429 not in found[:3]
    assert found[3:] == [429, 429]


def test_the_page_gets_a_key_for_each_class_that_is_taught(tmp_path):
    labels = spec_of("flowers").labels
    keys = {"1": "ivy", "0": "other"}
    overview = overview_of(
        RunInfo("daisy", "", labels, turnable=False, class_keys=keys), asks_token=False
    )
    assert [(entry.keys, entry.name) for entry in overview.keys[:2]] == [
        (["1"], "Teach ivy"),
        (["0"], "Teach other"),
    ]
    usual = overview_of(RunInfo("daisy", "", labels, turnable=False), asks_token=False)
    assert usual.keys == overview.keys[2:]
